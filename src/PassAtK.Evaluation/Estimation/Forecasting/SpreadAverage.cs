using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// How p is spread over problems, when the shape of the spread is not known: several shapes, each fitted by maximum likelihood, and the
/// weight that each has by the Bayesian information criterion. Sources: Schwarz, "Estimating the dimension of a model", Annals of Statistics
/// 6, 1978; Hoeting, Madigan, Raftery and Volinsky, "Bayesian model averaging: a tutorial", Statistical Science 14, 1999.
/// </summary>
internal sealed class SpreadAverage
{
    // Before the data speak, a p of exactly 0 is ten times less likely than other shapes: a model that samples gives every text a chance.
    private const double OddsOfZeros = 0.1;

    private readonly SpreadContext _context;
    private readonly SpreadFit _betas;
    private readonly Optimum _single;
    private readonly Optimum _double;
    private readonly double[] _weights;

    private SpreadAverage(
        SpreadContext context, double[] weights, SpreadFit betas, Optimum[] singles, Optimum[] doubles, double precision)
    {
        (_context, _betas) = (context, betas);
        var likelihood = new LogitNormals(context.Grid, weights);
        var problems = weights.Sum();
        _single = Optimum.Best(singles, likelihood.At, problems * precision);
        _double = Optimum.Best(doubles, likelihood.At, problems * precision);
        double[] evidence =
        [
            -betas.PlainLoss - Math.Log(problems), Math.Log(OddsOfZeros) - betas.InflatedLoss - (1.5 * Math.Log(problems)),
            -_single.Loss - Math.Log(problems), -_double.Loss - (2.5 * Math.Log(problems)),
        ];
        var relative = Array.ConvertAll(evidence, value => Math.Exp(value - evidence.Max()));
        _weights = Array.ConvertAll(relative, value => value / relative.Sum());
        Unsolved =
        [
            context.Of(betas.Plain), context.Of(betas.Inflated),
            context.Of(likelihood.Mix(_single.Parameters)), context.Of(likelihood.Mix(_double.Parameters)),
        ];
    }

    /// <summary>The weight of each shape, adding up to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>[shape][k]: E[(1 - p)^k] at each k of the context.</summary>
    public double[][] Unsolved { get; }

    /// <summary>The shapes with their parameters.</summary>
    public IReadOnlyList<SpreadShape> Shapes
    {
        get
        {
            var (plain, inflated, one, two) = (_betas.Plain, _betas.Inflated, _single.Parameters, _double.Parameters);
            return
            [
                new("beta", _weights[0], [plain.Alpha, plain.Beta]),
                new("zeroInflatedBeta", _weights[1], [inflated.Alpha, inflated.Beta, inflated.AtZero]),
                new("logitNormal", _weights[2], [one[0], Math.Exp(one[1])]),
                new("twoLogitNormals", _weights[3],
                    [two[0], Math.Exp(two[1]), two[2], Math.Exp(two[3]), 1 / (1 + Math.Exp(-two[4]))]),
            ];
        }
    }

    /// <summary>The fit to the problems as they are.</summary>
    /// <exception cref="InputException">The counts cannot tell how p is spread.</exception>
    public static SpreadAverage Of(SpreadContext context)
    {
        var (single, doubles) = Starts(context.Groups);
        return new SpreadAverage(
            context, context.Groups.Weights, SpreadFit.Of(context.Groups), [Optimum.At(single)], [.. doubles.Select(Optimum.At)],
            Optimum.Precise);
    }

    /// <summary>The fit to a resample, begun at this one.</summary>
    public SpreadAverage Again(double[] weights) =>
        new(_context, weights, _betas.Again(_context.Groups, weights), [_single], [_double], Optimum.Rough);

    /// <summary>The shape that a number of [0, 1) falls to, each being as wide as its weight.</summary>
    public int ShapeAt(double uniform)
    {
        var shape = 0;
        for (; shape < _weights.Length - 1 && uniform >= _weights[shape]; shape++)
            uniform -= _weights[shape];
        return shape;
    }

    /// <summary>
    /// Mean and log deviation of the logits of (c + 1/2) / (n + 1); and for two distributions halves that overlap, problems beyond reach
    /// beside the others, or two narrow groups.
    /// </summary>
    private static (double[] Single, double[][] Doubles) Starts(CountGroups groups)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var group = 0; group < groups.Weights.Length; group++)
        {
            var (samples, correct) = groups.Counts[group];
            var logit = Math.Log((correct + 0.5) / (samples - correct + 0.5));
            sum += groups.Weights[group] * logit;
            squares += groups.Weights[group] * logit * logit;
        }
        var problems = groups.Weights.Sum();
        var mean = sum / problems;
        var deviation = Math.Sqrt(Math.Max(0.1, (squares / problems) - (mean * mean)));
        var reach = -Math.Log(4.0 * groups.Counts.Max(count => count.Samples));
        return (
            [mean, Math.Log(deviation)],
            [
                [mean - deviation, Math.Log(0.6 * deviation), mean + deviation, Math.Log(0.6 * deviation), 0],
                [reach, 0.5, mean + (deviation / 2), Math.Log(0.8 * deviation), -1],
                [mean - deviation, -1, mean + deviation, -1, 0],
            ]);
    }
}
