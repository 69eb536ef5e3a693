namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>The vertical axis: round ticks that enclose all values.</summary>
internal sealed class ValueScale
{
    private const int MostSteps = 6;

    private readonly double _top;
    private readonly double _height;

    /// <param name="low">Least value.</param>
    /// <param name="high">Largest value.</param>
    /// <param name="top">Where the upper end is drawn.</param>
    /// <param name="height">How far below the lower end is.</param>
    public ValueScale(double low, double high, double top, double height)
    {
        (_top, _height) = (top, height);
        var span = high - low > 0 ? high - low : 1;
        Step = RoundStep(span / MostSteps);
        var (first, last) = ((int)Math.Floor((low / Step) + 1e-9), (int)Math.Ceiling((high / Step) - 1e-9));
        Ticks = [.. Enumerable.Range(first, Math.Max(1, last - first) + 1).Select(step => step * Step)];
    }

    public double Step { get; }

    public IReadOnlyList<double> Ticks { get; }

    public double At(double value) => _top + (_height * (Ticks[^1] - value) / (Ticks[^1] - Ticks[0]));

    // 1, 2 or 5 times a power of ten, at least the wanted step.
    private static double RoundStep(double wanted)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        var lead = wanted / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
