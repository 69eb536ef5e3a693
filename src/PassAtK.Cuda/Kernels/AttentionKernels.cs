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

    /// <summary>Most stacked rows (rows times query heads per kv head) of an item.</summary>
    public const int MaxStackedRows = 128;

    private const int Threads = 128;
    private const int TileRows = 64;

    /// <summary>At least the static shared memory of a block, and what the device adds to it.</summary>
    private const int OtherSharedBytes = 6 << 10;
    private const int MergeBlocksPerMultiprocessor = 8;

    private readonly CudaKernel _segments;
    private readonly CudaKernel _merge;
    private readonly int _headDimension;
    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _sharedBytes;
    private readonly Dim3 _segmentsGrid;
    private readonly Dim3 _mergeGrid;

    /// <param name="context">The device.</param>
    /// <param name="compiler">Compiles the kernels.</param>
    /// <param name="headDimension">Elements of a head.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyValueHeads">Kv heads, each for as many query heads.</param>
    /// <param name="elementF16">Elements are F16, not BF16.</param>
    /// <param name="stages">
    /// Tiles of keys and of values in shared memory, 2 or 3; null: 3 where two such blocks fit a multiprocessor.
    /// </param>
    /// <exception cref="ArgumentException">Heads that the kernels cannot compute.</exception>
    /// <exception cref="CudaException">A kernel does not compile.</exception>
    public AttentionKernels(
        CudaContext context, KernelCompiler compiler, int headDimension, int heads, int keyValueHeads, bool elementF16, int? stages = null)
    {
        if (headDimension % 16 != 0 || headDimension is < 16 or > MaxHeadDimension)
            throw new ArgumentException($"Head dimension {headDimension} is not a multiple of 16 up to {MaxHeadDimension}.");
        if (keyValueHeads < 1 || heads % keyValueHeads != 0 || heads / keyValueHeads is < 1 or > MaxGroup)
            throw new ArgumentException($"{heads} query heads over {keyValueHeads} kv heads are not 1 to {MaxGroup} for each.");
        _headDimension = headDimension;
        _heads = heads;
        _keyValueHeads = keyValueHeads;
        string[] defines = [$"HEAD_DIM={headDimension}", $"ELEMENT_F16={(elementF16 ? 1 : 0)}"];
        // The limit of a block is, but for 1 KiB, that of a multiprocessor.
        var depth = stages ?? (2 * (SharedBytes(3, headDimension) + OtherSharedBytes) <= context.MaxSharedBytesPerBlock ? 3 : 2);
        _segments = compiler.Load("attention_segments.cu", "attention_segments", [.. defines, $"STAGES={depth}"]);
        _merge = compiler.Load("attention_merge.cu", "attention_merge", defines);
        _sharedBytes = SharedBytes(depth, headDimension);
        _segmentsGrid = new Dim3(context.Multiprocessors * Math.Max(1, _segments.BlocksPerMultiprocessor(Threads, _sharedBytes)));
        _mergeGrid = new Dim3(context.Multiprocessors * MergeBlocksPerMultiprocessor);
    }

    /// <summary>Blocks that compute items at the same time.</summary>
    public int ConcurrentBlocks => _segmentsGrid.X;

    /// <summary>Bytes of state sums in a slot.</summary>
    public int StateSumsBytes => _heads * 2 * sizeof(float);

    /// <summary>Bytes of state outputs in a slot.</summary>
    public int StateOutputsBytes => _heads * _headDimension * sizeof(float);

    /// <summary>Stages of a tile of keys and one of values, each row padded by 16 bytes.</summary>
    private static int SharedBytes(int stages, int headDimension) => stages * 2 * TileRows * (headDimension + 8) * sizeof(ushort);

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
