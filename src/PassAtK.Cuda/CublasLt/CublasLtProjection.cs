namespace PassAtK.Cuda;

/// <summary>Products of a planned shape by cuBLASLt, with one bias where the shape has one.</summary>
public sealed class CublasLtProjection : IDisposable
{
    private readonly CublasLt _library;
    private readonly ProductPlan _plan;
    private readonly ProductDescription _product;
    private readonly CudaDeviceVariable<byte>? _bias;

    /// <summary>By row count; those that the plan was not made for have no algorithm.</summary>
    private readonly ProductRung<ProductAlgorithm>[] _rungs;

    /// <param name="library">Handle and workspace.</param>
    /// <param name="plan">A plan of this library that has a bit class.</param>
    /// <param name="bias">`[Outputs]`, or empty where the shape has none. Stored in the output's type, as the library wants it.</param>
    /// <exception cref="CudaException">The plan has none.</exception>
    public CublasLtProjection(CublasLt library, ProductPlan plan, ReadOnlySpan<float> bias)
    {
        var shape = plan.Shape;
        if (plan.BitClass is null)
            throw new CudaException($"{plan.Description}.");
        if (bias.Length != (shape.HasBias ? shape.Outputs : 0))
            throw new ArgumentException($"{bias.Length} biases for {shape}", nameof(bias));
        (_library, _plan) = (library, plan);
        _rungs = new ProductRung<ProductAlgorithm>[plan.Rows.Max() + 1];
        try
        {
            if (shape.HasBias)
            {
                _bias = new CudaDeviceVariable<byte>(library.Context, (long)shape.Outputs * shape.OutputBytes);
                _bias.CopyFrom(BiasBytes.Of(bias, shape));
            }
            _product = new ProductDescription(shape, _bias?.Pointer ?? DevicePointer.Null);
            foreach (var rung in plan.Rungs.Where(rung => plan.Rows.Contains(rung.Rows)))
            {
                _rungs[rung.Rows] = rung;
                _ = _product.Layouts(rung.PieceRows); // made now, since not while a graph is captured
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Gives the product with a weight `[Outputs, Inputs]` to the stream; `rows` is one of the plan's row counts. May be captured.
    /// </summary>
    /// <exception cref="CudaException">The library refused, or the device failed.</exception>
    public void Run(DevicePointer weight, DevicePointer input, DevicePointer output, int rows, CudaStream stream)
    {
        var shape = _plan.Shape;
        if ((uint)rows >= (uint)_rungs.Length || _rungs[rows].Algorithm is not { } algorithm)
            throw new ArgumentOutOfRangeException(nameof(rows), rows, $"{shape} was made for {string.Join(", ", _plan.Rows)} rows");
        var piece = _rungs[rows].PieceRows;
        for (var done = 0; done < rows; done += piece)
        {
            long first = Math.Min(done, rows - piece);
            var status = _library.Multiply(
                _product, algorithm, weight, input + (first * shape.InputStride * sizeof(ushort)),
                output + (first * shape.OutputStride * shape.OutputBytes), piece, stream);
            if (status != 0)
                throw _library.Failure(status, $"cublasLtMatmul of {shape} at {rows} rows with {algorithm.Description}");
        }
    }

    public void Dispose()
    {
        _product?.Dispose();
        _bias?.Dispose();
    }
}
