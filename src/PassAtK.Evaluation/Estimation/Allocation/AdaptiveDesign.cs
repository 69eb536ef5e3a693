using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Allocation;

/// <summary>
/// A run whose samples go where they narrow pass@K most. The first <paramref name="Pilot"/> samples of each problem decide how many more it
/// gets, and count for nothing else: those that follow are then a fixed number of independent samples, as estimators want them.
/// </summary>
/// <param name="K">Whose pass@K is to be narrow.</param>
/// <param name="Pilot">Samples of each problem that decide, at least 1.</param>
/// <param name="TargetWidth">
/// Width of the 95% interval of pass@K over these very problems, that is of the sampling noise alone, in (0, 1).
/// </param>
/// <param name="MostSamples">Most samples of a problem, the pilot's included.</param>
public sealed record AdaptiveDesign(int K, int Pilot, double TargetWidth, int MostSamples)
{
    /// <summary>Two disjoint sets of K samples show how far two estimates differ; fewer samples do not show their own noise.</summary>
    public int FewestCounted => checked(2 * K);

    /// <exception cref="InputException">A value is outside its range.</exception>
    public void Validate()
    {
        if (K is < 1 or > 1 << 20)
            throw new InputException($"the k of an adaptive run is {K}, expected 1 to {1 << 20}.");
        if (Pilot < 1)
            throw new InputException($"the pilot of an adaptive run has {Pilot} samples, expected at least 1.");
        if (!(TargetWidth > 0 && TargetWidth < 1))
            throw new InputException($"the target width is {TargetWidth}, expected more than 0 and less than 1.");
        if (MostSamples - (long)Pilot < FewestCounted)
        {
            throw new InputException(
                $"an adaptive run for pass@{K} has at most {MostSamples} samples of each problem, expected at least "
                + $"{Pilot + (long)FewestCounted}: {Pilot} of the pilot and twice {K} that count.");
        }
    }
}
