using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// Whether a base model knows what another model says: the perplexity of the other's samples under the base beside that of the base's own
/// samples. Source: arXiv 2504.13837, section 4, which finds the samples of models trained by reinforcement learning among those that their
/// base model finds likely.
/// </summary>
/// <param name="Problems">Problems of which both runs have such samples.</param>
/// <param name="BaseSamples">How many the base run has.</param>
/// <param name="OtherSamples">How many the other has.</param>
/// <param name="BaseUnderBase">The base's samples under the base.</param>
/// <param name="OtherUnderBase">The other's samples under the base.</param>
/// <param name="OtherUnderOther">The other's samples under the other.</param>
/// <param name="Ratio">OtherUnderBase over BaseUnderBase, paired by problem; null where either is infinite.</param>
/// <param name="BaseLikelier">
/// How often one of the base's own samples of a problem has a lower perplexity under the base than one of the other's, ties counting half;
/// mean over problems. 0.5 if they were alike, below where the other's samples are among the likelier ones.
/// </param>
public sealed record PairedPerplexity(
    int Problems, long BaseSamples, long OtherSamples, Perplexity BaseUnderBase, Perplexity OtherUnderBase, Perplexity OtherUnderOther,
    MeanEstimate? Ratio, MeanEstimate BaseLikelier)
{
    /// <param name="base">The base run's samples.</param>
    /// <param name="other">The other's, scored under the base's model.</param>
    /// <param name="which">Which samples count.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <returns>Null where no problem has such samples in both runs.</returns>
    /// <exception cref="InputException">A setting is outside its range.</exception>
    public static PairedPerplexity? Of(
        IEnumerable<ProblemLikelihoods> @base, IEnumerable<ProblemLikelihoods> other, Func<SampleLikelihood, bool> which,
        BootstrapSettings? settings = null)
    {
        var pairs = @base
            .Join(other, problem => problem.Id, problem => problem.Id, (left, right) => (Base: left, Other: right))
            .Select(pair => (Base: pair.Base.Where(which), Other: pair.Other.Where(which)))
            .Where(pair => pair.Base.Samples.Count > 0 && pair.Other.Samples.Count > 0)
            .ToArray();
        if (pairs.Length == 0)
            return null;
        settings ??= BootstrapSettings.Default;
        var means = PairedMeans.Draw(pairs.Select(pair => Row(pair.Base.Samples, pair.Other.Samples)), settings);
        SampleLikelihood[] ofBase = [.. pairs.SelectMany(pair => pair.Base.Samples)];
        SampleLikelihood[] ofOther = [.. pairs.SelectMany(pair => pair.Other.Samples)];
        return new PairedPerplexity(
            pairs.Length, ofBase.Length, ofOther.Length,
            Perplexity.Of(means.Mean(0), ofBase.Select(sample => sample.OwnNats)),
            Perplexity.Of(means.Mean(1), ofOther.Select(sample => sample.ScoredNats)),
            Perplexity.Of(means.Mean(2), ofOther.Select(sample => sample.OwnNats)),
            means.Mean(3) is { } difference ? Perplexity.Exp(difference) : null,
            means.Mean(4, ValueRange.Share)!.Value);
    }

    private static double[] Row(IReadOnlyList<SampleLikelihood> @base, IReadOnlyList<SampleLikelihood> other)
    {
        var (underBase, otherUnderBase) = (@base.Average(sample => sample.OwnNats), other.Average(sample => sample.ScoredNats));
        return
        [
            underBase, otherUnderBase, other.Average(sample => sample.OwnNats), otherUnderBase - underBase,
            ShareBelow([.. @base.Select(sample => sample.OwnNats)], [.. other.Select(sample => sample.ScoredNats)]),
        ];
    }

    /// <summary>P(left &lt; right) + P(left = right) / 2 over all pairs (Mann and Whitney 1947).</summary>
    private static double ShareBelow(double[] left, double[] right)
    {
        RadixSort.Sort(left);
        RadixSort.Sort(right);
        var (below, upTo, total) = (0, 0, 0L);
        foreach (var value in right)
        {
            while (below < left.Length && left[below] < value)
                below++;
            while (upTo < left.Length && left[upTo] <= value)
                upTo++;
            total += below + upTo;
        }
        return total / (2.0 * left.Length * right.Length);
    }
}
