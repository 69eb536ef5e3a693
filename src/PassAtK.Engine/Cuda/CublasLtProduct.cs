using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// cuBLASLt with algorithms of one bit class for each shape of a weight, whatever the rows; where it has none that leaves a row to itself,
/// the project's own kernel. The classes are part of the name. They follow from the device, the library and the shapes alone; what the
/// clock chooses within them is kept on disk, for speed.
/// </summary>
internal sealed class CublasLtProduct : IMatrixProduct
{
    private readonly record struct Key(int Outputs, int Inputs, bool ToF32, DevicePointer Bias);

    private readonly CublasLt _library;
    private readonly ProductAlgorithmCache _cache = new(ProductAlgorithmCache.DefaultFolder);
    private readonly KernelProduct _kernel;
    private readonly DeviceWeights _weights;
    private readonly Dictionary<ProjectionShape, ProductPlan> _plans = [];

    /// <summary>By shape and, since cuBLASLt is told the bias beforehand, bias.</summary>
    private readonly Dictionary<Key, (CublasLtProjection? Projection, int MaxRows)> _projections = [];

    /// <param name="context">The device.</param>
    /// <param name="weights">All weights, uploaded.</param>
    /// <param name="kernel">For shapes that cuBLASLt does not serve; disposed of with this.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    /// <param name="logitsRows">Most rows of logits at a time.</param>
    /// <exception cref="CudaException">cuBLASLt is missing or refuses the device, or the device fails or is out of memory.</exception>
    public CublasLtProduct(CudaContext context, DeviceWeights weights, KernelProduct kernel, int maxRows, int logitsRows)
    {
        (_weights, _kernel) = (weights, kernel);
        _library = new CublasLt(context);
        try
        {
            foreach (var layer in weights.Layout.Layers)
            {
                foreach (var place in new[] { layer.QueryKeyValue, layer.AttentionOutput, layer.GateUp, layer.Down })
                    Add(place, toF32: false, maxRows);
            }
            Add(weights.Layout.Output, toF32: true, logitsRows);
        }
        catch
        {
            Dispose();
            throw;
        }
        Name = NameOf(_plans.Values.Select(plan => (plan.Shape, plan.BitClass)));
    }

    public string Name { get; }

    public IEnumerable<string> Describe() => _plans.Values
        .Select(plan => plan.BitClass is null ? $"{plan.Description}: kernels/gemm.cu" : plan.Description)
        .Order(StringComparer.Ordinal)
        .Prepend($"matrix products: cuBLASLt {CublasLt.Version}");

    public void Prepare(in DeviceProjection projection, bool toF32, int rows)
    {
        if (Find(projection, toF32).Projection is null)
            _kernel.Prepare(projection, toF32, rows);
    }

    public void Launch(
        in DeviceProjection projection, DevicePointer input, DevicePointer output, bool toF32, DevicePointer rowCount, int rows,
        CudaStream stream)
    {
        var (product, maxRows) = Find(projection, toF32);
        // Rows beyond those that matter hold finite or other leftovers, of which no row that matters takes notice.
        if (product is not null)
            product.Run(projection.Weight, input, output, RowLadder.Rung(rows, maxRows), stream);
        else
            _kernel.Launch(projection, input, output, toF32, rowCount, rows, stream);
    }

    public void Dispose()
    {
        foreach (var (projection, _) in _projections.Values)
            projection?.Dispose();
        _library.Dispose();
        _kernel.Dispose();
    }

    /// <summary>Hashes what each shape's bits follow from: the class, or the project's own kernel.</summary>
    internal static string NameOf(IEnumerable<(ProjectionShape Shape, string? BitClass)> products)
    {
        var lines = products.Select(product => $"{product.Shape}: {product.BitClass ?? "gemm"}").Order(StringComparer.Ordinal);
        return $"cublaslt-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..8]}";
    }

    private (CublasLtProjection? Projection, int MaxRows) Find(in DeviceProjection projection, bool toF32) =>
        _projections[new Key(projection.Outputs, projection.Inputs, toF32, projection.Bias)];

    private void Add(ProjectionPlace place, bool toF32, int maxRows)
    {
        var key = new Key(place.Outputs, place.Inputs, toF32, _weights.At(place.Bias));
        if (_projections.ContainsKey(key))
            return;
        var shape = new ProjectionShape(
            place.Outputs, place.Inputs, place.Inputs, place.Outputs, _weights.Type == DataType.F16, toF32, place.Bias >= 0);
        if (!_plans.TryGetValue(shape, out var plan))
            _plans[shape] = plan = ProductPlan.Choose(_library, shape, RowLadder.Rungs(maxRows), _cache);
        _projections[key] = (plan.BitClass is null ? null : new CublasLtProjection(_library, plan, Bias(place)), maxRows);
    }

    private float[] Bias(ProjectionPlace place)
    {
        var bias = new float[place.Bias >= 0 ? place.Outputs : 0];
        if (bias.Length > 0)
            _weights.Read(place.Bias, MemoryMarshal.AsBytes(bias.AsSpan()));
        return bias;
    }
}
