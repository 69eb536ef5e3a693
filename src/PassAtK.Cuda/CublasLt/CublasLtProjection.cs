using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>
/// A product with one weight by cuBLASLt: the same algorithm at every row count, so a row's result does not depend on the rows beside it.
/// That is verified on the device when the projection is made, not assumed.
/// </summary>
public sealed unsafe class CublasLtProjection : IDisposable
{
    private readonly CublasLt _library;
    private readonly int[] _rows;
    private readonly DevicePointer _weight;
    private readonly CudaDeviceVariable<byte>? _bias;
    private readonly ProductDescription _product;
    private ProductAlgorithm? _algorithm;

    /// <summary>Chooses the algorithm: the kept one, else the fastest over the row counts; then verifies it.</summary>
    /// <param name="library">Handle and workspace.</param>
    /// <param name="shape">The product.</param>
    /// <param name="weight">`[Outputs, Inputs]` on the device, there as long as this.</param>
    /// <param name="bias">`[Outputs]`, or empty where the shape has none. Stored in the output's type, as the library wants it.</param>
    /// <param name="rows">The row counts that it will be run with, ascending.</param>
    /// <param name="cache">Where the choice is kept.</param>
    /// <exception cref="CudaException">No algorithm gives a row the same bits at every row count.</exception>
    public CublasLtProjection(
        CublasLt library, ProjectionShape shape, DevicePointer weight, ReadOnlySpan<float> bias, ReadOnlySpan<int> rows,
        ProductAlgorithmCache cache)
    {
        if (bias.Length != (shape.HasBias ? shape.Outputs : 0))
            throw new ArgumentException($"{bias.Length} biases for {shape}", nameof(bias));
        (_library, Shape, _weight, _rows) = (library, shape, weight, rows.ToArray());
        if (shape.HasBias)
        {
            _bias = new CudaDeviceVariable<byte>(library.Context, (long)shape.Outputs * shape.OutputBytes);
            _bias.CopyFrom(BiasBytes.Of(bias, shape));
        }
        _product = new ProductDescription(shape, _bias?.Pointer ?? DevicePointer.Null);
        try
        {
            Choose(cache);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ProjectionShape Shape { get; }

    /// <summary>Shape and algorithm in words.</summary>
    public string Description => $"{Shape}: {_algorithm?.Description}";

    /// <summary>Gives the product to the stream; `rows` is one of the row counts it was made for. May be captured.</summary>
    public void Run(DevicePointer input, DevicePointer output, int rows, CudaStream stream)
    {
        if (Array.IndexOf(_rows, rows) < 0)
            throw new ArgumentOutOfRangeException(nameof(rows), rows, $"{Shape} was made for {string.Join(", ", _rows)} rows");
        Run(_algorithm!, input, output, rows, stream);
    }

    public void Dispose()
    {
        _product.Dispose();
        _bias?.Dispose();
    }

    private void Choose(ProductAlgorithmCache cache)
    {
        var key = ProductAlgorithmCache.Key(_library.Context.Device.Name, CublasLt.Version, Shape, _rows);
        using var trial = new ProjectionTrial(_library.Context, Shape, _rows[^1]);
        if (cache.TryRead(key) is { } kept && ProductAlgorithm.FromBytes(kept) is { } known
            && ProductAlgorithmSearch.Serves(_library, _product, known, _rows) && IsSameAtEveryRowCount(known, trial))
        {
            _algorithm = known;
            return;
        }
        var candidates = ProductAlgorithmSearch.Candidates(_library, _product, _rows);
        foreach (var candidate in candidates.OrderBy(candidate => Cost(candidate, trial)))
        {
            if (!IsSameAtEveryRowCount(candidate, trial))
                continue;
            _algorithm = candidate;
            cache.Write(key, candidate.ToBytes(), Description);
            return;
        }
        throw new CudaException(
            $"cuBLASLt has no algorithm for {Shape} whose results do not depend on the rows; {candidates.Count} were tried at "
            + $"{string.Join(", ", _rows)} rows.");
    }

    private bool IsSameAtEveryRowCount(ProductAlgorithm algorithm, ProjectionTrial trial) =>
        trial.IsSameAtEveryRowCount(_rows, (rows, stream) => Run(algorithm, trial.Input, trial.Output, rows, stream));

    /// <summary>The logarithms of the times at a few row counts, summed: each row count weighs the same.</summary>
    private double Cost(ProductAlgorithm algorithm, ProjectionTrial trial)
    {
        int[] timed = [.. new[] { _rows[0], _rows[_rows.Length / 2], _rows[^1] }.Distinct()];
        return timed.Sum(rows => Math.Log(
            trial.Milliseconds(stream => Run(algorithm, trial.Input, trial.Output, rows, stream)) + 1e-6));
    }

    private void Run(ProductAlgorithm algorithm, DevicePointer input, DevicePointer output, int rows, CudaStream stream)
    {
        float one = 1, zero = 0;
        var (inputLayout, outputLayout) = _product.Layouts(rows);
        var status = CublasLtApi.Matmul(
            _library.Handle, _product.Operation, &one, _weight.Address, _product.Weight, input.Address, inputLayout, &zero, output.Address,
            outputLayout, output.Address, outputLayout, algorithm.Native, _library.WorkspacePointer.Address, (nuint)_library.WorkspaceBytes,
            stream.Handle);
        if (status != 0)
            CublasLt.Check(status, $"cublasLtMatmul of {Shape} at {rows} rows with {algorithm.Description}");
        _library.Context.History.Add("cublasLtMatmul");
    }
}
