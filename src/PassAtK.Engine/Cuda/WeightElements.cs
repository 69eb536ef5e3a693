using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>Which two-byte type a model's matrices have: one for all of them, and of the activations too.</summary>
internal static class WeightElements
{
    /// <returns><see cref="DataType.BF16"/> or <see cref="DataType.F16"/>.</returns>
    /// <exception cref="InputException">A matrix is F32, of another type than the others, missing, or of another shape.</exception>
    public static DataType TypeOf(IWeightSource source, WeightLayout layout)
    {
        WeightTensor? first = null;
        foreach (var place in layout.Places)
        {
            var tensor = source.Get(place.Tensor, place.Rows, place.Columns);
            if (place.IsVector)
                continue;
            if (tensor.Type == DataType.F32)
                throw new InputException($"tensor '{tensor.Name}' is F32, expected BF16 or F16, the types of matrices that run on CUDA.");
            first ??= tensor;
            if (tensor.Type != first.Type)
            {
                throw new InputException(
                    $"tensor '{tensor.Name}' is {tensor.Type}, expected {first.Type} as '{first.Name}': on CUDA all matrices have one type.");
            }
        }
        return first!.Type;
    }
}
