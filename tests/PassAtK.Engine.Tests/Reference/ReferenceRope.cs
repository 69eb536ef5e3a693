using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Reference;

/// <summary>
/// Rotary embedding stated in wavelengths (positions per turn) and complex numbers, the way the papers do and the engine does not.
/// </summary>
internal static class ReferenceRope
{
    public static void Rotate(RopeParameters rope, Span<double> head, int position)
    {
        var half = head.Length / 2;
        var magnitude = rope.Scaling == RopeScaling.Yarn
            ? rope.AttentionFactor ?? 1 + (Math.Log(Math.Max(rope.Factor, 1)) / 10)
            : 1;
        for (var i = 0; i < half; i++)
        {
            var turned = new System.Numerics.Complex(head[i], head[i + half])
                * System.Numerics.Complex.FromPolarCoordinates(magnitude, 2 * Math.PI * position / Wavelength(rope, i, half));
            (head[i], head[i + half]) = (turned.Real, turned.Imaginary);
        }
    }

    /// <summary>Positions in which pair `index` of `half` makes one turn.</summary>
    public static double Wavelength(RopeParameters rope, int index, int half)
    {
        var wavelength = 2 * Math.PI * Math.Exp(Math.Log(rope.Theta) * index / half);
        switch (rope.Scaling)
        {
            case RopeScaling.Linear:
                return wavelength * rope.Factor;
            case RopeScaling.Llama3:
                var longest = rope.OriginalMaxPositions / rope.LowFrequencyFactor;
                var shortest = rope.OriginalMaxPositions / rope.HighFrequencyFactor;
                if (wavelength < shortest)
                    return wavelength;
                if (wavelength > longest)
                    return wavelength * rope.Factor;
                var smooth = ((rope.OriginalMaxPositions / wavelength) - rope.LowFrequencyFactor)
                    / (rope.HighFrequencyFactor - rope.LowFrequencyFactor);
                return 1 / (((1 - smooth) / (rope.Factor * wavelength)) + (smooth / wavelength));
            case RopeScaling.Yarn:
                var low = Math.Max(0, Math.Floor(PairOfTurns(rope, rope.BetaFast, half)));
                var high = Math.Min((2 * half) - 1, Math.Ceiling(PairOfTurns(rope, rope.BetaSlow, half)));
                var interpolated = Math.Min(1, Math.Max(0, (index - low) / (high - low)));
                return wavelength / ((interpolated / rope.Factor) + 1 - interpolated);
            default:
                return wavelength;
        }
    }

    /// <summary>The pair whose unscaled wavelength fits `turns` times into the original context.</summary>
    private static double PairOfTurns(RopeParameters rope, double turns, int half) =>
        half * Math.Log(rope.OriginalMaxPositions / turns / (2 * Math.PI), rope.Theta);
}
