using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>
/// What cuBLASLt is told of a product. It counts columns first: a row-major [rows, n] is a column-major n x rows with the stride as leading
/// dimension, so the output is the column-major product (weight as A, transposed) x (input as B).
/// </summary>
internal sealed unsafe class ProductDescription : IDisposable
{
    private const int Compute32F = 68;
    private const int Transposed = 1;
    private const uint EpilogueBias = 4;

    private readonly ProjectionShape _shape;
    private readonly Dictionary<int, (nint Input, nint Output)> _layouts = [];
    private readonly nint _operation;
    private readonly nint _weight;

    /// <param name="shape">The product.</param>
    /// <param name="bias">`[Outputs]`, of the output's type; null without a bias.</param>
    public ProductDescription(ProjectionShape shape, DevicePointer bias)
    {
        _shape = shape;
        CublasLt.Check(CublasLtApi.MatmulDescCreate(out _operation, Compute32F, CublasDataType.F32), "cublasLtMatmulDescCreate");
        Set(CublasLtMatmulAttribute.TransposeA, Transposed);
        if (shape.HasBias)
        {
            Set(CublasLtMatmulAttribute.Epilogue, EpilogueBias);
            Set(CublasLtMatmulAttribute.BiasPointer, bias.Address);
        }
        _weight = Layout(Element, shape.Inputs, shape.Outputs, shape.Inputs);
    }

    public nint Operation => _operation;

    public nint Weight => _weight;

    /// <summary>The layouts of a row count; made on first use, which must not be while a graph is captured.</summary>
    public (nint Input, nint Output) Layouts(int rows)
    {
        if (!_layouts.TryGetValue(rows, out var layouts))
        {
            layouts = (
                Layout(Element, _shape.Inputs, rows, _shape.InputStride),
                Layout(_shape.OutputF32 ? CublasDataType.F32 : Element, _shape.Outputs, rows, _shape.OutputStride));
            _layouts.Add(rows, layouts);
        }
        return layouts;
    }

    public void Dispose()
    {
        foreach (var (input, output) in _layouts.Values)
        {
            _ = CublasLtApi.MatrixLayoutDestroy(input);
            _ = CublasLtApi.MatrixLayoutDestroy(output);
        }
        _layouts.Clear();
        _ = CublasLtApi.MatrixLayoutDestroy(_weight);
        _ = CublasLtApi.MatmulDescDestroy(_operation);
    }

    private CublasDataType Element => _shape.ElementF16 ? CublasDataType.F16 : CublasDataType.BF16;

    private void Set<T>(CublasLtMatmulAttribute attribute, T value) where T : unmanaged =>
        CublasLt.Check(
            CublasLtApi.MatmulDescSetAttribute(_operation, attribute, &value, (nuint)sizeof(T)), $"cublasLtMatmulDescSetAttribute({attribute})");

    private static nint Layout(CublasDataType type, int fast, int slow, int stride)
    {
        CublasLt.Check(
            CublasLtApi.MatrixLayoutCreate(out var layout, type, (ulong)fast, (ulong)slow, stride), "cublasLtMatrixLayoutCreate");
        return layout;
    }
}
