namespace PassAtK.Engine.Sampling;

/// <summary>
/// The constants that turn e^(factor x) into a power of two: factor log2(e) as the sum of two floats, and the x below which the result
/// is 0. Valid for factors between 1e-30 and 1e30.
/// </summary>
/// <param name="High">factor log2(e), rounded.</param>
/// <param name="Low">What the rounding lost.</param>
/// <param name="Least">The x whose result is 2^-127, flushed to 0; every x below counts as this one.</param>
public readonly record struct ExpScale(float High, float Low, float Least)
{
    private const double Log2E = 1.4426950408889634;

    /// <summary>e^x.</summary>
    public static ExpScale Natural { get; } = For(1);

    /// <summary>e^(factor x), factor > 0.</summary>
    public static ExpScale For(double factor)
    {
        var scale = factor * Log2E;
        var high = (float)scale;
        return new ExpScale(high, (float)(scale - high), (float)(-127 / scale));
    }
}
