using System.Numerics;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>The values of k at which a curve is evaluated, ascending, from 1 to the largest.</summary>
public static class KLadder
{
    // Steps an octave of the dense ladder: linear interpolation in log k between them is off by under 2e-4 of pass@k.
    private const int StepsPerOctave = 16;

    /// <summary>1, 2, 4, ... and the largest k itself.</summary>
    /// <exception cref="InputException"><paramref name="largest"/> is below 1.</exception>
    public static int[] Doubling(int largest) => Steps(largest, 1);

    /// <summary>Every k up to 32, then 16 a doubling, and the largest k itself: where a crossover is looked for.</summary>
    /// <exception cref="InputException"><paramref name="largest"/> is below 1.</exception>
    public static int[] Dense(int largest) => Steps(largest, StepsPerOctave);

    private static int[] Steps(int largest, int perOctave)
    {
        if (largest < 1)
            throw new InputException($"the largest k is {largest}, expected at least 1.");
        var ladder = new List<int>();
        for (long k = 1; k < largest; k += Math.Max(1, (1L << BitOperations.Log2((ulong)k)) / perOctave))
            ladder.Add((int)k);
        ladder.Add(largest);
        return [.. ladder];
    }
}
