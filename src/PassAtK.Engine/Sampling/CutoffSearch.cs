using System.Diagnostics;

namespace PassAtK.Engine.Sampling;

/// <summary>What all logits from one on amount to.</summary>
/// <param name="Logit">The threshold.</param>
/// <param name="Count">Number of logits of at least <paramref name="Logit"/>.</param>
/// <param name="Mass">Sum of their weights.</param>
internal readonly record struct Bound(float Logit, int Count, double Mass)
{
    public double Measure(bool byCount) => byCount ? Count : Mass;
}

/// <summary>
/// Finds the token at which the running count or mass in the order (logit descending, index ascending) reaches a target, without sorting:
/// a bracket of logits around the crossing is narrowed by passes over the row until few tokens are inside, and only those are sorted.
/// </summary>
internal sealed class CutoffSearch(IRowPasses passes)
{
    private const int SortLimit = 64;

    /// <summary>After so many guesses by value the bracket is halved by bit pattern, which ends within 32 more.</summary>
    private const int ValueGuesses = 12;

    private readonly CandidateList _bracket = new();
    private readonly int[] _sorted = new int[SortLimit];

    /// <summary>
    /// The crossing token as a cutoff, and count and mass up to it. Where rounding keeps the sum just below the target, all of
    /// <paramref name="low"/> counts.
    /// </summary>
    /// <param name="row">Logits and weights.</param>
    /// <param name="low">Logits from this one on reach the target.</param>
    /// <param name="maximum">The largest logit of the row.</param>
    /// <param name="target">Least count or mass.</param>
    /// <param name="byCount">Whether the target is a count.</param>
    public (Cutoff Cutoff, Bound Reached) Find(TokenRow row, Bound low, float maximum, double target, bool byCount)
    {
        var high = new Bound(float.BitIncrement(maximum), 0, 0);
        if (row.Count <= CandidateList.Capacity)
            return Settle(row, low, high, target, byCount);
        Narrow(row, ref low, ref high, target, byCount, CandidateList.Capacity);
        if (IsClosed(low, high))
            return WalkTies(row, low, high, target, byCount);
        if (!_bracket.TryLoad(passes, row, low.Logit, high.Logit))
            throw new UnreachableException("A narrowed bracket holds more tokens than were counted.");
        var (cutoff, reached) = Settle(_bracket.Tokens, low, high, target, byCount);
        return (_bracket.InRow(cutoff), reached);
    }

    private static bool IsClosed(Bound low, Bound high) => float.BitIncrement(low.Logit) >= high.Logit;

    /// <summary>Keeps the crossing inside [low, high) until at most so many logits are inside or all of them are equal.</summary>
    private void Narrow(TokenRow row, ref Bound low, ref Bound high, double target, bool byCount, int limit)
    {
        var above = high;
        for (var guesses = 0; low.Count - high.Count > limit && !IsClosed(low, high); guesses++)
        {
            var threshold = Guess(low, high, target, byCount, guesses);
            var (count, mass) = passes.Measure(row, threshold);
            var bound = new Bound(threshold, above.Count + count, above.Mass + mass);
            if (bound.Measure(byCount) >= target)
                low = bound;
            else
                high = bound;
        }
    }

    /// <summary>A logit strictly inside an open bracket: by turns the secant's and the middle one.</summary>
    private static float Guess(Bound low, Bound high, double target, bool byCount, int guesses)
    {
        if (guesses < ValueGuesses)
        {
            var part = guesses % 2 == 1
                ? 0.5
                : (low.Measure(byCount) - target) / (low.Measure(byCount) - high.Measure(byCount));
            var guess = (float)(low.Logit + (((double)high.Logit - low.Logit) * part));
            if (guess > low.Logit && guess < high.Logit)
                return guess;
        }
        var middle = FromOrdered((int)(((long)ToOrdered(low.Logit) + ToOrdered(high.Logit)) / 2));
        return middle > low.Logit && middle < high.Logit ? middle : float.BitIncrement(low.Logit);
    }

    /// <summary>Floats in order as integers in order; negative ones count down.</summary>
    private static int ToOrdered(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : int.MinValue - bits;
    }

    private static float FromOrdered(int ordered) =>
        BitConverter.Int32BitsToSingle(ordered >= 0 ? ordered : int.MinValue - ordered);

    private (Cutoff, Bound) Settle(TokenRow row, Bound low, Bound high, double target, bool byCount)
    {
        Narrow(row, ref low, ref high, target, byCount, SortLimit);
        return IsClosed(low, high) ? WalkTies(row, low, high, target, byCount) : SortAndWalk(row, low, high, target, byCount);
    }

    private (Cutoff, Bound) SortAndWalk(TokenRow row, Bound low, Bound high, double target, bool byCount)
    {
        // Indices arrive ascending and the insertion sort is stable: ties stay in ascending order.
        var count = passes.Collect(row, low.Logit, high.Logit, _sorted);
        for (var i = 1; i < count; i++)
        {
            var index = _sorted[i];
            var place = i;
            for (; place > 0 && row.Logits[_sorted[place - 1]] < row.Logits[index]; place--)
                _sorted[place] = _sorted[place - 1];
            _sorted[place] = index;
        }
        var reached = high;
        foreach (var index in _sorted.AsSpan(0, count))
        {
            reached = new Bound(row.Logits[index], reached.Count + 1, reached.Mass + row.Weights[index]);
            if (reached.Measure(byCount) >= target)
                return (new Cutoff(reached.Logit, index), reached);
        }
        return (new Cutoff(low.Logit, int.MaxValue), reached);
    }

    private static (Cutoff, Bound) WalkTies(TokenRow row, Bound low, Bound high, double target, bool byCount)
    {
        var reached = high with { Logit = low.Logit };
        for (var index = 0; index < row.Count; index++)
        {
            if (row.Logits[index] != low.Logit)
                continue;
            reached = new Bound(low.Logit, reached.Count + 1, reached.Mass + row.Weights[index]);
            if (reached.Measure(byCount) >= target)
                return (new Cutoff(low.Logit, index), reached);
        }
        return (new Cutoff(low.Logit, int.MaxValue), reached);
    }
}
