using System.Numerics;

namespace PassAtK.Evaluation.Tests.Tasks;

/// <summary>
/// The countdown guesser, solved exactly: what share of uniform random legal walks ends at the target. A legal step takes two positions of
/// the pool, a the larger and b the smaller number there, and puts c = a + b, a - b, a * b or a / b in their place, c whole, not 0 and at
/// most 400. Every legal step is equally likely. A pool without one, and more than one number left, has failed.
/// </summary>
/// <remarks>
/// Whole numbers throughout: a pool of m numbers has at most 4 C(m, 2) legal steps, so its share is a whole number over D(m) =
/// D(m - 1) lcm(1, ..., 4 C(m, 2)), D(1) = 1. The order of a pool does not matter, so sorted pools share their result.
/// </remarks>
internal sealed class RandomWalk(int target)
{
    private const long LargestResult = 400;
    private readonly Dictionary<string, BigInteger> _known = [];

    /// <summary>Probability that one walk from the numbers ends at the target.</summary>
    public static double Chance(int[] numbers, int target)
    {
        var share = new RandomWalk(target).Numerator([.. numbers.Select(number => (long)number)]);
        return Math.Exp(BigInteger.Log(share) - BigInteger.Log(Denominator(numbers.Length)));
    }

    /// <summary>The results of all legal steps with two numbers.</summary>
    public static IEnumerable<long> Results(long left, long right)
    {
        var (a, b) = (Math.Max(left, right), Math.Min(left, right));
        long[] whole = b != 0 && a % b == 0 ? [a + b, a - b, a * b, a / b] : [a + b, a - b, a * b];
        return whole.Where(result => result is not 0 and <= LargestResult);
    }

    private BigInteger Numerator(long[] pool)
    {
        if (pool.Length == 1)
            return pool[0] == target ? 1 : 0;
        var key = string.Join(' ', pool.Order());
        if (_known.TryGetValue(key, out var known))
            return known;
        var (steps, sum) = (0, BigInteger.Zero);
        for (var i = 0; i < pool.Length; i++)
        {
            for (var j = i + 1; j < pool.Length; j++)
            {
                foreach (var result in Results(pool[i], pool[j]))
                {
                    steps++;
                    sum += Numerator([.. pool.Where((_, position) => position != i && position != j), result]);
                }
            }
        }
        return _known[key] = steps == 0 ? 0 : sum * (Multiple(pool.Length) / steps);
    }

    private static BigInteger Denominator(int numbers) =>
        Enumerable.Range(1, numbers).Aggregate(BigInteger.One, (product, size) => product * Multiple(size));

    // lcm(1, ..., 4 C(m, 2)), 1 for a single number.
    private static BigInteger Multiple(int numbers) => Enumerable.Range(1, 2 * numbers * (numbers - 1)).Aggregate(
        BigInteger.One, (multiple, factor) => multiple / BigInteger.GreatestCommonDivisor(multiple, factor) * factor);
}
