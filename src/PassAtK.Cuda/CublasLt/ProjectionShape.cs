namespace PassAtK.Cuda;

/// <summary>
/// A product output[rows, Outputs] = input[rows, Inputs] weight[Outputs, Inputs]^T (+ bias[Outputs]), all row-major; strides count
/// elements from row to row. Input and weight are BF16, or F16 with ElementF16; the output is too, or F32 with OutputF32.
/// </summary>
public sealed record ProjectionShape(
    int Outputs, int Inputs, int InputStride, int OutputStride, bool ElementF16, bool OutputF32, bool HasBias)
{
    public int OutputBytes => OutputF32 ? sizeof(float) : sizeof(ushort);

    /// <summary>E.g. "4864 x 896 bf16 to bf16 with bias".</summary>
    public override string ToString() =>
        $"{Outputs} x {Inputs} {Element} to {(OutputF32 ? "f32" : Element)}{(HasBias ? " with bias" : "")}";

    private string Element => ElementF16 ? "f16" : "bf16";
}
