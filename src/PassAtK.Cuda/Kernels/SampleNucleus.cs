namespace PassAtK.Cuda.Kernels;

/// <summary>
/// Draws tokens from rows of logits, or scores given ones: temperature, top-k, top-p, min-p, inverse CDF (docs/sampling.md,
/// kernels/sample_nucleus_scan.cu, kernels/sample_nucleus_draw.cu).
/// </summary>
public sealed class SampleNucleus
{
    /// <summary>Largest vocabulary.</summary>
    public const int MostTokens = 262_144;

    // As in kernels/sample_nucleus.cuh: logits of a chunk (one warp of the scan), and floats that the scan leaves of it.
    private const int ChunkSize = 512;
    private const int ChunkFloats = 11;
    private const int ScanThreads = 128;
    private const int DrawThreads = 512;
    private const int DrawSharedBytes = 81_920;

    private readonly CudaKernel _scan;
    private readonly CudaKernel _draw;

    /// <param name="compiler">Compiles the kernels.</param>
    /// <param name="logitsBf16">Logits are BF16 instead of F32.</param>
    public SampleNucleus(KernelCompiler compiler, bool logitsBf16 = false)
    {
        var define = logitsBf16 ? "LOGITS_BF16=1" : "LOGITS_BF16=0";
        _scan = compiler.Load("sample_nucleus_scan.cu", "sample_nucleus_scan", define);
        _draw = compiler.Load("sample_nucleus_draw.cu", "sample_nucleus_draw", define);
    }

    /// <summary>Floats of scratch that so many rows of so many logits need.</summary>
    public static long WorkspaceFloats(int rows, int vocabulary) => (long)rows * Chunks(vocabulary) * ChunkFloats;

    /// <summary>Launches both kernels for up to <paramref name="maxRows"/> rows; how many there are is read on the device.</summary>
    /// <exception cref="ArgumentException">The vocabulary or the stride does not fit.</exception>
    public void Launch(in SampleNucleusParams parameters, int maxRows, CudaStream stream)
    {
        if (parameters.Vocabulary is < 1 or > MostTokens)
            throw new ArgumentException($"The vocabulary is {parameters.Vocabulary}, expected 1 to {MostTokens}.", nameof(parameters));
        if (parameters.RowStride < parameters.Vocabulary || parameters.RowStride % 4 != 0)
        {
            throw new ArgumentException(
                $"The row stride is {parameters.RowStride}, expected a multiple of 4 and at least {parameters.Vocabulary}.",
                nameof(parameters));
        }
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);
        if (maxRows == 0)
            return;
        var complete = parameters with { Chunks = Chunks(parameters.Vocabulary) };
        var scanGrid = new Dim3(maxRows, ScanBlocks(complete.Chunks, maxRows));
        _scan.Launch(complete, scanGrid, new Dim3(ScanThreads), 0, stream);
        _draw.Launch(complete, new Dim3(maxRows), new Dim3(DrawThreads), DrawSharedBytes, stream);
    }

    // Blocks that share a row. A warp has one chunk while there are few blocks, and up to four where there are many waves of them.
    private static int ScanBlocks(int chunks, int maxRows)
    {
        const int WarpsOfBlock = ScanThreads / 32, ManyBlocks = 1024;
        var blocks = (chunks + WarpsOfBlock - 1) / WarpsOfBlock;
        var each = Math.Clamp((long)blocks * maxRows / ManyBlocks, 1, 4);
        return (int)((blocks + each - 1) / each);
    }

    private static int Chunks(int vocabulary) => (vocabulary + ChunkSize - 1) / ChunkSize;
}
