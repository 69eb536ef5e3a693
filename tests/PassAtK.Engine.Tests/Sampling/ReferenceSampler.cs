using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

/// <summary>
/// The contract word for word in double precision with a full sort: the distribution that a row of finite logits or -infinities is drawn
/// from. Margins say how far the filters were from deciding otherwise.
/// </summary>
internal sealed class ReferenceSampler
{
    private readonly double[] _differences;
    private readonly double[] _weights;
    private readonly double[] _cumulative;
    private readonly double _logNaturalMass;

    public ReferenceSampler(ReadOnlySpan<float> logits, SamplingParameters parameters)
    {
        double maximum = float.NegativeInfinity;
        foreach (var logit in logits)
            maximum = Math.Max(maximum, logit);

        _differences = new double[logits.Length];
        var weights = _weights = new double[logits.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            _differences[i] = logits[i] - maximum;
            weights[i] = Math.Exp(_differences[i] / parameters.Temperature);
        }
        _logNaturalMass = Math.Log(_differences.Sum(Math.Exp));

        var values = logits.ToArray();
        int[] survivors = [.. Enumerable.Range(0, logits.Length)
            .Where(i => weights[i] > 0).OrderByDescending(i => values[i]).ThenBy(i => i)];
        if (parameters.TopK > 0 && parameters.TopK < survivors.Length)
            survivors = survivors[..parameters.TopK];
        if (parameters.TopP < 1)
            survivors = TopP(survivors, weights, parameters.TopP);
        if (parameters.MinP > 0)
            survivors = MinP(survivors, parameters.Temperature, parameters.MinP);

        Order = survivors;
        Probabilities = new double[logits.Length];
        var mass = survivors.Sum(i => weights[i]);
        foreach (var i in survivors)
            Probabilities[i] = weights[i] / mass;
        _cumulative = new double[logits.Length];
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
            _cumulative[i] = sum += Probabilities[i];
    }

    /// <summary>Survivors by (logit descending, id ascending).</summary>
    public int[] Order { get; }

    /// <summary>`[vocab]`: the filtered distribution.</summary>
    public double[] Probabilities { get; }

    /// <summary>Share of mass by which top-p, or relative weight by which min-p, missed another decision.</summary>
    public double FilterMargin { get; private set; } = double.PositiveInfinity;

    /// <summary>Natural log of the unfiltered probability at temperature 1.</summary>
    public double Logprob(int token) => _differences[token] - _logNaturalMass;

    /// <summary>Whether a token's weight before the filters is too small for a float.</summary>
    public bool IsNegligible(int token) => _weights[token] < 1.2e-38;

    /// <summary>The token at u, and the distance of u from the nearest edge of its interval.</summary>
    public (int Token, double Margin) Draw(double u)
    {
        var token = Array.FindIndex(_cumulative, mass => mass > u);
        if (token < 0)
            token = Array.FindLastIndex(Probabilities, p => p > 0);
        var below = _cumulative[token] - Probabilities[token];
        return (token, Math.Min(Math.Abs(u - below), Math.Abs(_cumulative[token] - u)));
    }

    private int[] TopP(int[] ordered, double[] weights, double topP)
    {
        var mass = ordered.Sum(i => weights[i]);
        var running = 0.0;
        for (var count = 1; count <= ordered.Length; count++)
        {
            var before = running / mass;
            running += weights[ordered[count - 1]];
            if (running >= topP * mass)
            {
                FilterMargin = Math.Min(FilterMargin, Math.Min(topP - before, (running / mass) - topP));
                return ordered[..count];
            }
        }
        FilterMargin = 0;
        return ordered;
    }

    /// <summary>Compares logarithms, which also tells weights apart that differ from 1 by less than a double can say.</summary>
    private int[] MinP(int[] ordered, double temperature, double minP)
    {
        foreach (var i in ordered.Where(i => _differences[i] < 0))
            FilterMargin = Math.Min(FilterMargin, Math.Abs((_differences[i] / temperature) - Math.Log(minP)));
        return [.. ordered.Where(i => _differences[i] / temperature >= Math.Log(minP))];
    }
}
