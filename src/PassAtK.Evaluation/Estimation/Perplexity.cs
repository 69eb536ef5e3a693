namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// How surprised a model is by samples. The perplexity of a sample y of T tokens is exp(-1/T sum log P(y_t | x, y_1..t-1)); source: arXiv
/// 2504.13837, section 4. Over samples it is averaged in nats, so this is the geometric mean of their perplexities, each problem counting
/// the same: a mean of the perplexities themselves would be that of a few outliers.
/// </summary>
/// <param name="Mean">Null where it is infinite.</param>
/// <param name="Impossible">Samples with a token that the model gives no probability, which makes the mean infinite.</param>
/// <param name="Quantiles">
/// Of the single samples' perplexities, pooled over problems: 0%, 5%, ... 100%, linear between order statistics; null where infinite.
/// </param>
public sealed record Perplexity(MeanEstimate? Mean, long Impossible, IReadOnlyList<double?> Quantiles)
{
    private const int Steps = 20;

    /// <param name="mean">Nats a token, mean over problems.</param>
    /// <param name="nats">Nats a token of every sample, in any order.</param>
    internal static Perplexity Of(MeanEstimate? mean, IEnumerable<double> nats)
    {
        double[] sorted = [.. nats];
        RadixSort.Sort(sorted);
        return new Perplexity(
            mean is { } known ? Exp(known) : null,
            sorted.LongCount(double.IsPositiveInfinity),
            [.. Enumerable.Range(0, Steps + 1).Select(step => Finite(Math.Exp(Percentile.OfSorted(sorted, (double)step / Steps))))]);
    }

    /// <summary>Of nats; a percentile goes with its value, so the limits of an interval may be mapped one by one.</summary>
    internal static MeanEstimate Exp(MeanEstimate nats) => new(Math.Exp(nats.Estimate), Math.Exp(nats.Low), Math.Exp(nats.High));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
