using System.Diagnostics;

namespace PassAtK.Engine.Sampling;

/// <summary>
/// Finds the token at which the running count or mass in the order (logit descending, index ascending) reaches a target, without sorting:
/// a bracket of logits around the crossing is narrowed by passes over the row until few tokens are inside, and only those are sorted.
/// </summary>
internal sealed class CutoffSearch(IRowPasses passes)
{
    /// <summary>Most tokens that are sorted.</summary>
    private const int SortLimit = 64;

    /// <summary>Blocks of a long row that tell about where the crossing is.</summary>
    private const int SparseBlocks = 48;

    /// <summary>After so many guesses by value the bracket is halved by bit pattern, which ends within 32 more.</summary>
    private const int ValueGuesses = 16;

    private readonly CandidateList _inside = new();
    private readonly int[] _sorted = new int[SortLimit];

    /// <summary>
    /// The crossing token as a cutoff, and count and mass up to it. Where rounding keeps the sum just below the target, everything from the
    /// floor on counts.
    /// </summary>
    /// <param name="row">Logits and weights.</param>
    /// <param name="whole">All that the target is a part of; the other one of count and mass may be larger.</param>
    /// <param name="floor">A logit that the crossing token reaches; finite, at least the whole's and at most the maximum.</param>
    /// <param name="maximum">The largest logit of the row.</param>
    /// <param name="target">At most the whole's count or mass.</param>
    public (Cutoff Cutoff, Bound Reached) Find(TokenRow row, Bound whole, float floor, float maximum, Target target)
    {
        var bracket = new Bracket(whole with { Logit = floor }, new Bound(float.BitIncrement(maximum), 0, 0));
        if (row.Count <= CandidateList.Capacity)
            return Settle(row, bracket, target);

        Estimate(row, whole, ref bracket, target);
        Narrow(row, ref bracket, target, CandidateList.Capacity);
        if (bracket.IsClosed)
            return WalkTies(row, bracket, target);
        if (!_inside.TryLoad(passes, row, bracket.Low.Logit, bracket.High.Logit))
            throw new UnreachableException("A narrowed bracket holds more tokens than were counted.");
        var (cutoff, reached) = Settle(_inside.Tokens, bracket.Inside(), target);
        return (_inside.InRow(cutoff), reached);
    }

    /// <summary>
    /// Brings both ends near the crossing with two passes over the row: one at the crossing of a sparse row, one as far beyond the true
    /// crossing again as the sparse row's slope tells. Where the sparse row misleads, the bracket merely stays wider.
    /// </summary>
    private void Estimate(TokenRow row, Bound whole, ref Bracket bracket, Target target)
    {
        var sparse = row.Sparse(SparseBlocks);
        var (count, mass) = passes.Measure(sparse, whole.Logit);
        var sparseWhole = whole with { Count = count, Mass = mass };
        var scale = target.Of(whole) / target.Of(sparseWhole);
        var near = new Bracket(sparseWhole with { Logit = bracket.Low.Logit }, bracket.High);
        Narrow(sparse, ref near, target with { Value = target.Value / scale }, SortLimit);
        var crossing = near.Low.Logit;
        if (!bracket.Holds(crossing))
            return;

        bracket.Measure(passes, row, crossing, target);
        var isReached = bracket.Low.Logit == crossing;
        var excess = target.Of(isReached ? bracket.Low : bracket.High) - target.Value;
        var slope = scale * (target.Of(near.Low) - target.Of(near.High)) / ((double)near.High.Logit - crossing);
        var beyond = (float)(crossing + (2 * excess / slope));
        if (!bracket.Holds(beyond))
            beyond = isReached ? float.BitIncrement(crossing) : float.BitDecrement(crossing);
        if (bracket.Holds(beyond))
            bracket.Measure(passes, row, beyond, target);
    }

    /// <summary>Keeps the crossing inside until at most so many logits are inside or all of them are equal.</summary>
    private void Narrow(TokenRow row, ref Bracket bracket, Target target, int limit)
    {
        for (var guesses = 0; bracket.Count > limit && !bracket.IsClosed; guesses++)
        {
            var guess = bracket.Guess(target, bySecant: guesses < ValueGuesses && guesses % 2 == 0, byValue: guesses < ValueGuesses);
            bracket.Measure(passes, row, guess, target);
        }
    }

    private (Cutoff, Bound) Settle(TokenRow row, Bracket bracket, Target target)
    {
        Narrow(row, ref bracket, target, SortLimit);
        return bracket.IsClosed ? WalkTies(row, bracket, target) : SortAndWalk(row, bracket, target);
    }

    private (Cutoff, Bound) SortAndWalk(TokenRow row, Bracket bracket, Target target)
    {
        // Indices arrive ascending and the insertion sort is stable: ties stay in ascending order.
        var count = passes.Collect(row, bracket.Low.Logit, bracket.High.Logit, _sorted);
        for (var i = 1; i < count; i++)
        {
            var index = _sorted[i];
            var place = i;
            for (; place > 0 && row.Logits[_sorted[place - 1]] < row.Logits[index]; place--)
                _sorted[place] = _sorted[place - 1];
            _sorted[place] = index;
        }
        var reached = bracket.High;
        foreach (var index in _sorted.AsSpan(0, count))
        {
            reached = new Bound(row.Logits[index], reached.Count + 1, reached.Mass + row.Weights[index]);
            if (target.IsReachedBy(reached))
                return (new Cutoff(reached.Logit, index), reached);
        }
        return (new Cutoff(bracket.Low.Logit, int.MaxValue), reached);
    }

    /// <summary>
    /// All inside are equal, so the number of them that the target takes follows without adding them up. None is inside where rounding kept
    /// the whole below the target.
    /// </summary>
    private static (Cutoff, Bound) WalkTies(TokenRow row, Bracket bracket, Target target)
    {
        var logit = bracket.Low.Logit;
        var index = row.Logits.IndexOf(logit);
        if (index < 0)
            return (new Cutoff(logit, int.MaxValue), bracket.High);
        double weight = row.Weights[index];
        var missing = target.Value - target.Of(bracket.High);
        var wanted = (int)Math.Clamp(Math.Ceiling(target.ByCount ? missing : missing / weight), 1, bracket.Count);
        var last = index;
        for (var found = 1; found < wanted && ++index < row.Count;)
        {
            if (row.Logits[index] == logit)
                (last, found) = (index, found + 1);
        }
        return (new Cutoff(logit, last), new Bound(logit, bracket.High.Count + wanted, bracket.High.Mass + (wanted * weight)));
    }
}
