namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The weights of problems in all resamples, `[resamples, problems]`, where no two problems share a row. They depend on seed and numbers
/// alone, so the many measures of one report, which all weigh the same problems, draw them once. Those last drawn are kept while memory
/// allows.
/// </summary>
internal static class ProblemWeights
{
    private const long MostNumbers = 8 << 20;
    private static readonly Lock Guard = new();
    private static (ulong Seed, int Resamples, int Problems) _key;
    private static WeakReference<Lazy<double[]>>? _last;

    /// <returns>Null where they are too many to keep.</returns>
    public static double[]? Of(BootstrapSettings settings, int problems)
    {
        if ((long)settings.Resamples * problems > MostNumbers)
            return null;
        Lazy<double[]> weights;
        lock (Guard)
        {
            var key = (settings.Seed, settings.Resamples, problems);
            if (_last is null || _key != key || !_last.TryGetTarget(out weights!))
            {
                weights = new Lazy<double[]>(() => Draw(settings, problems));
                (_key, _last) = (key, new WeakReference<Lazy<double[]>>(weights));
            }
        }
        return weights.Value;
    }

    private static double[] Draw(BootstrapSettings settings, int problems)
    {
        var weights = new double[settings.Resamples * problems];
        int[] rows = [.. Enumerable.Range(0, problems)];
        Parallel.For(0, settings.Resamples, settings.Parallelism, resample =>
            ExponentialWeights.Fill(settings.Seed, resample, rows, weights.AsSpan(resample * problems, problems)));
        return weights;
    }
}
