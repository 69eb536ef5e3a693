namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The weights of problems in all resamples, `[resamples, problems]`. They depend on seed and numbers alone, so the many measures of one
/// report, which all weigh the same problems, draw them once: those last drawn are kept while memory allows, unless they are too many.
/// </summary>
internal sealed class ProblemWeights
{
    private const long MostNumbers = 8 << 20;
    private static readonly Lock Guard = new();
    private static (ulong Seed, int Resamples, int Problems) _key;
    private static WeakReference<ProblemWeights>? _last;

    private readonly BootstrapSettings _settings;
    private readonly int _problems;
    private readonly Lazy<double[]>? _all;

    private ProblemWeights(BootstrapSettings settings, int problems)
    {
        (_settings, _problems) = (settings, problems);
        if ((long)settings.Resamples * problems <= MostNumbers)
            _all = new Lazy<double[]>(DrawAll);
    }

    public static ProblemWeights Of(BootstrapSettings settings, int problems)
    {
        ProblemWeights? weights;
        lock (Guard)
        {
            var key = (settings.Seed, settings.Resamples, problems);
            if (_last is null || _key != key || !_last.TryGetTarget(out weights))
            {
                weights = new ProblemWeights(settings, problems);
                (_key, _last) = (key, new WeakReference<ProblemWeights>(weights));
            }
        }
        // Drawn here, before the caller starts threads that would wait for each other.
        _ = weights._all?.Value;
        return weights;
    }

    /// <summary>Those of some resamples.</summary>
    public ReadOnlySpan<double> Rows(int first, int count)
    {
        if (_all is not null)
            return _all.Value.AsSpan(first * _problems, count * _problems);
        var drawn = new double[count * _problems];
        for (var i = 0; i < count; i++)
            ExponentialWeights.Fill(_settings.Seed, first + i, drawn.AsSpan(i * _problems, _problems));
        return drawn;
    }

    private double[] DrawAll()
    {
        var weights = new double[_settings.Resamples * _problems];
        Parallel.For(0, _settings.Resamples, _settings.Parallelism, resample =>
            ExponentialWeights.Fill(_settings.Seed, resample, weights.AsSpan(resample * _problems, _problems)));
        return weights;
    }
}
