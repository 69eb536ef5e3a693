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

    /// <summary>What was asked for, ascending, each once; where nothing was, the doubling ladder.</summary>
    /// <exception cref="InputException">A k is below 1, or above what every problem has samples for.</exception>
    public static int[] Of(IReadOnlyList<int>? asked, int largest)
    {
        if (asked is null)
            return Doubling(largest);
        if (asked.Count == 0)
            throw new InputException("the list of k is empty, expected at least one.");
        foreach (var k in asked)
        {
            if (k < 1)
                throw new InputException($"k is {k}, expected at least 1.");
            if (k > largest)
            {
                throw new InputException(
                    $"pass@{k} needs at least {k} samples of each problem, and some problem has {largest}: nothing is extrapolated.");
            }
        }
        return [.. asked.Distinct().Order()];
    }

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
