namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// How many of k draws without replacement out of n, c of which are marked, are marked. The probabilities come by the ratio of neighbours
/// from the most likely number outwards, and are divided by their sum: nothing overflows, and no digit is lost to large factorials.
/// </summary>
/// <remarks>n, c, k: at least 0, c and k at most n.</remarks>
internal readonly struct Hypergeometric
{
    private readonly double[] _probabilities;

    public Hypergeometric(int all, int marked, int drawn)
    {
        (Least, var most) = (Math.Max(0, drawn + marked - all), Math.Min(drawn, marked));
        _probabilities = new double[most - Least + 1];
        var mode = Math.Clamp((int)((drawn + 1L) * (marked + 1L) / (all + 2L)), Least, most);
        _probabilities[mode - Least] = 1;
        // P(j + 1) / P(j) = (c - j)(k - j) / ((j + 1)(n - c - k + j + 1)).
        for (var j = mode; j < most; j++)
            _probabilities[j + 1 - Least] = _probabilities[j - Least] * Ratio(j);
        for (var j = mode - 1; j >= Least; j--)
            _probabilities[j - Least] = _probabilities[j + 1 - Least] / Ratio(j);
        var sum = _probabilities.Sum();
        for (var i = 0; i < _probabilities.Length; i++)
            _probabilities[i] /= sum;

        double Ratio(int j) => (double)(marked - j) * (drawn - j) / ((j + 1.0) * ((double)all - marked - drawn + j + 1));
    }

    /// <summary>The smallest number that can come.</summary>
    public int Least { get; }

    /// <summary>P(so many or more), smallest terms added first where the tail is the smaller part.</summary>
    public double AtLeast(int marked)
    {
        var from = Math.Max(0, marked - Least);
        var sum = 0.0;
        for (var i = _probabilities.Length - 1; i >= from; i--)
            sum += _probabilities[i];
        return from == 0 ? 1 : Math.Min(1, sum);
    }

    /// <summary>The mean of a function of the number.</summary>
    public double Expectation(Func<int, double> function)
    {
        var sum = 0.0;
        for (var i = 0; i < _probabilities.Length; i++)
            sum += _probabilities[i] * function(Least + i);
        return sum;
    }
}
