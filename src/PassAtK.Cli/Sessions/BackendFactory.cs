using PassAtK.Cli.Options;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;

namespace PassAtK.Cli.Sessions;

/// <summary>Makes the backend that a command's options ask for.</summary>
internal static class BackendFactory
{
    /// <summary>Rows of a step on the CPU where --batch does not say: past this it gains nothing.</summary>
    public const int CpuRows = 256;

    /// <summary>Rows of a step on a GPU where --batch does not say: reading the weights is then a small part of a step.</summary>
    public const int CudaRows = 1024;

    /// <summary>Loads the weights onto the device.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="settings">Device and its limits.</param>
    /// <param name="cuda">The device, see <see cref="BackendChoice"/>.</param>
    /// <param name="longestSample">Positions of the longest prompt with the most generated tokens.</param>
    public static IBackend Create(IWeightSource weights, BackendSettings settings, bool cuda, long longestSample)
    {
        var maxRows = settings.Batch ?? (cuda ? CudaRows : CpuRows);
        if (settings.KeyValueBytes is { } bytes)
            return Create(weights, settings, cuda, longestSample, maxRows, 0, bytes);
        return cuda
            ? new CudaBackend(weights, new CudaBackendOptions
            {
                MaxRows = maxRows,
                LongestSequence = Longest(longestSample),
                MostKeyValueBlocks = KeyValueCacheSize.Wanted(weights.Config, longestSample, maxRows),
                Tracer = settings.Tracer,
            })
            : Create(weights, settings, cuda, longestSample, maxRows, KeyValueCacheSize.Blocks(weights.Config, longestSample, maxRows), 0);
    }

    /// <summary>With a KV cache of so many blocks, or where they are 0 of so many bytes.</summary>
    public static IBackend Create(
        IWeightSource weights, BackendSettings settings, bool cuda, long longestSample, int maxRows, int blocks, long bytes) => cuda
        ? new CudaBackend(weights, new CudaBackendOptions
        {
            MaxRows = maxRows,
            LongestSequence = Longest(longestSample),
            KeyValueBlocks = blocks,
            KeyValueBytes = bytes,
            Tracer = settings.Tracer,
        })
        : new CpuBackend(weights, new CpuBackendOptions
        {
            Threads = settings.Threads ?? 0,
            MaxRows = maxRows,
            KeyValueBlocks = blocks,
            KeyValueBytes = bytes,
            RoundActivations = settings.RoundsActivations,
            Tracer = settings.Tracer,
        });

    private static int Longest(long positions) => (int)Math.Min(positions, int.MaxValue);

    /// <summary>Memory of weights, KV cache and work space.</summary>
    public static (long Weights, long KeyValues, long Workspace) Memory(IBackend backend) => backend switch
    {
        CpuBackend cpu => (cpu.WeightBytes, cpu.KeyValueBytes, cpu.WorkspaceBytes),
        CudaBackend cuda => (cuda.WeightBytes, cuda.KeyValueBytes, cuda.WorkspaceBytes),
        _ => throw new ArgumentException($"Backend {backend.Name} does not tell its memory.", nameof(backend)),
    };
}
