using PassAtK.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>Microseconds of one launch (or of what one call launches): median, fastest and slowest of the repetitions.</summary>
internal readonly record struct KernelTiming(double Median, double Fastest, double Slowest);

/// <summary>
/// Times launches by the device's own events. A graph walks through all inputs, so that the gaps between launches are the device's and
/// not the host's, and so that no input is still in the cache when its turn comes again.
/// </summary>
internal sealed class KernelTimer(CudaContext context) : IDisposable
{
    /// <summary>More than the L2 of any GPU.</summary>
    private const long CacheBytes = 256L << 20;

    private const int MostInputs = 256;

    private readonly CudaEvent _begin = new(context, timing: true);
    private readonly CudaEvent _end = new(context, timing: true);

    public CudaStream Stream { get; } = new(context);

    /// <summary>
    /// How many inputs of that size outgrow the cache. One where it outgrows the cache by itself, and on the SIMT device, where nothing is
    /// measured in earnest.
    /// </summary>
    public int InputsOf(long bytes) => context.IsSimt ? 1 : (int)Math.Clamp((CacheBytes + bytes - 1) / bytes, 1, MostInputs);

    /// <summary>Calls <paramref name="launch"/> with 0 to <paramref name="inputs"/> - 1; it may neither wait nor allocate.</summary>
    public KernelTiming Measure(int inputs, int repetitions, Action<int> launch)
    {
        launch(0);
        Stream.Synchronize();
        using var graph = CudaGraph.Capture(Stream, () =>
        {
            for (var input = 0; input < inputs; input++)
                launch(input);
        });
        graph.Launch(Stream);
        Stream.Synchronize();
        var times = new double[repetitions];
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            _begin.Record(Stream);
            graph.Launch(Stream);
            _end.Record(Stream);
            _end.Synchronize();
            times[repetition] = CudaEvent.Milliseconds(_begin, _end) * 1e3 / inputs;
        }
        Array.Sort(times);
        return new KernelTiming(times[repetitions / 2], times[0], times[^1]);
    }

    public void Dispose()
    {
        _end.Dispose();
        _begin.Dispose();
        Stream.Dispose();
    }
}
