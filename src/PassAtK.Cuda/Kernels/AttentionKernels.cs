namespace PassAtK.Cuda.Kernels;

/// <summary>
/// Attention over a paged KV cache for one shape of heads: <see cref="LaunchSegments"/> once for each level of items, in order, then
/// <see cref="LaunchMerge"/> for the rows in more than one split. Launches depend on nothing but their parameters: counts are read from
/// device memory.
/// </summary>
public sealed class AttentionKernels
{
    /// <summary>Largest head dimension of the kernels.</summary>
    public const int MaxHeadDimension = 128;

    /// <summary>Most query heads per kv head: those of one row are computed together.</summary>
    public const int MaxGroup = 64;

    private const int Threads = 128;
    private const int MergeBlocksPerMultiprocessor = 8;

    private readonly CudaKernel _segments;
    private readonly CudaKernel _merge;
    private readonly int _headDimension;
    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _sharedBytes;
    private readonly Dim3 _segmentsGrid;
    private readonly Dim3 _mergeGrid;

    /// <exception cref="ArgumentException">Heads that the kernels cannot compute.</exception>
    /// <exception cref="CudaException">A kernel does not compile.</exception>
    public AttentionKernels(
        CudaContext context, KernelCompiler compiler, int headDimension, int heads, int keyValueHeads, bool elementF16)
    {
        if (headDimension % 16 != 0 || headDimension is < 16 or > MaxHeadDimension)
            throw new ArgumentException($"Head dimension {headDimension} is not a multiple of 16 up to {MaxHeadDimension}.");
        if (keyValueHeads < 1 || heads % keyValueHeads != 0 || heads / keyValueHeads is < 1 or > MaxGroup)
            throw new ArgumentException($"{heads} query heads over {keyValueHeads} kv heads are not 1 to {MaxGroup} for each.");
        _headDimension = headDimension;
        _heads = heads;
        _keyValueHeads = keyValueHeads;
        string[] defines = [$"HEAD_DIM={headDimension}", $"ELEMENT_F16={(elementF16 ? 1 : 0)}"];
        _segments = compiler.Load("attention_segments.cu", "attention_segments", defines);
        _merge = compiler.Load("attention_merge.cu", "attention_merge", defines);
        // Two stages of 64 rows of keys and of values, each row padded by 16 bytes.
        _sharedBytes = 2 * 2 * 64 * (headDimension + 8) * sizeof(ushort);
        _segmentsGrid = new Dim3(context.Multiprocessors * Math.Max(1, _segments.BlocksPerMultiprocessor(Threads, _sharedBytes)));
        _mergeGrid = new Dim3(context.Multiprocessors * MergeBlocksPerMultiprocessor);
    }

    /// <summary>Blocks that compute items at the same time.</summary>
    public int ConcurrentBlocks => _segmentsGrid.X;

    /// <summary>Bytes of state sums in a slot.</summary>
    public int StateSumsBytes => _heads * 2 * sizeof(float);

    /// <summary>Bytes of state outputs in a slot.</summary>
    public int StateOutputsBytes => _heads * _headDimension * sizeof(float);

    /// <summary>Computes the items of one level.</summary>
    public void LaunchSegments(in AttentionSegmentsParams parameters, CudaStream stream)
    {
        var p = parameters;
        p.Heads = _heads;
        p.KeyValueHeads = _keyValueHeads;
        p.Scale = (float)(Math.Log2(Math.E) / Math.Sqrt(_headDimension));
        _segments.Launch(p, _segmentsGrid, new Dim3(Threads), _sharedBytes, stream);
    }

    /// <summary>Merges the splits of the rows that have several.</summary>
    public void LaunchMerge(in AttentionMergeParams parameters, CudaStream stream)
    {
        var p = parameters;
        p.Heads = _heads;
        p.OutputStride = _heads * _headDimension;
        _merge.Launch(p, _mergeGrid, new Dim3(Threads), 0, stream);
    }
}
