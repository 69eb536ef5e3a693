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
    public static IBackend Create(IWeightSource weights, BackendSettings settings, bool cuda, long longestSample) => cuda
        ? new CudaBackend(weights, new CudaBackendOptions { MaxRows = settings.Batch ?? CudaRows, KeyValueBytes = settings.KeyValueBytes ?? 0 })
        : CreateCpu(weights, settings, longestSample);

    private static CpuBackend CreateCpu(IWeightSource weights, BackendSettings settings, long longestSample)
    {
        var maxRows = settings.Batch ?? CpuRows;
        return new CpuBackend(weights, new CpuBackendOptions
        {
            Threads = settings.Threads ?? 0,
            MaxRows = maxRows,
            KeyValueBlocks = settings.KeyValueBytes is null ? KeyValueCacheSize.Blocks(weights.Config, longestSample, maxRows) : 0,
            KeyValueBytes = settings.KeyValueBytes ?? 0,
        });
    }
}
