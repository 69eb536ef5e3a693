namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// A binomial distribution where it is not negligible: P(X = <see cref="Low"/> + i) for each i, every value outside below 1e-18 of the
/// largest. Made by the recurrence of neighbouring terms from the mode outwards and scaled to a sum of 1, so that no logarithm of a
/// factorial costs digits.
/// </summary>
internal sealed class BinomialWindow
{
    private const double Negligible = 1e-18;

    private readonly double[] _values;

    /// <param name="trials">At least 0.</param>
    /// <param name="p">In [0, 1].</param>
    public BinomialWindow(int trials, double p)
    {
        var mode = p >= 1 ? trials : (int)((trials + 1) * p);
        var (below, above) = (new List<double>(), new List<double> { 1 });
        var odds = p / (1 - p);
        for (var (at, value) = (mode, 1.0); at > 0 && odds > 0 && !double.IsInfinity(odds); at--)
        {
            value *= at / ((trials - at + 1) * odds);
            if (value < Negligible)
                break;
            below.Add(value);
        }
        for (var (at, value) = (mode, 1.0); at < trials && odds > 0; at++)
        {
            value *= (trials - at) * odds / (at + 1);
            if (value < Negligible)
                break;
            above.Add(value);
        }
        below.Reverse();
        Low = mode - below.Count;
        _values = [.. below, .. above];
        var sum = 0.0;
        foreach (var value in _values)
            sum += value;
        for (var i = 0; i < _values.Length; i++)
            _values[i] /= sum;
    }

    public int Low { get; }

    public int High => Low + _values.Length - 1;

    /// <summary>P(X = value); 0 outside the window.</summary>
    public double this[int value] => value < Low || value > High ? 0 : _values[value - Low];
}
