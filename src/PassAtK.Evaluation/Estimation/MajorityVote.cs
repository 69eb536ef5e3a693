using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// maj@k of one problem: how likely the answer that most of k samples give is correct, the k drawn without replacement from the n there
/// are; the mean over all C(n, k) choices, and so unbiased. A sample without an answer does not vote; where nobody votes the outcome is
/// wrong; among answers with equally many votes each is elected with the same probability. The vote is the self-consistency of Wang et al.,
/// arXiv 2203.11171; the mean over choices is that of pass@k, arXiv 2107.03374.
/// </summary>
/// <remarks>
/// Computed, not simulated. Given k, the votes X_j of answers with m_j samples are distributed as independent Binomial(m_j, k/n) are, given
/// that they and the samples without an answer add up to k. For each v that a correct answer may receive, the others' generating functions
/// are cut off above v and multiplied, those with exactly v being counted as ties; answers that cannot reach v join the samples without an
/// answer as one binomial. Terms that add less than 1e-18 are dropped: results are within 1e-12 of exact rationals.
/// </remarks>
public static class MajorityVote
{
    private const double Negligible = 1e-18;

    /// <summary>maj@k in [0, 1].</summary>
    /// <param name="answers">What the n samples answered.</param>
    /// <param name="k">From 1 to n.</param>
    /// <exception cref="InputException">k is outside its range; above n there is no unbiased estimate.</exception>
    public static double Estimate(ProblemAnswers answers, int k)
    {
        var samples = answers.Samples;
        if (k < 1)
            throw new InputException($"k is {k}, expected at least 1.");
        if (k > samples)
            throw new InputException($"maj@{k} needs at least {k} samples of each problem, found {samples} of '{answers.Id}'.");
        // One vote elects itself: to the last bit what pass@1 is.
        if (answers.Correct == 0 || k == 1)
            return (double)answers.Correct / samples;
        var p = (double)k / samples;
        var windows = new Dictionary<int, BinomialWindow>();
        BinomialWindow[] votes = [.. answers.Classes.Select(answer => Votes(answer.Samples))];
        var elected = 0.0;
        for (var at = 0; at < answers.Classes.Count; at++)
        {
            if (answers.Classes[at].Correct)
                elected += Elected(answers, at, k, votes, Votes);
        }
        return Math.Clamp(elected / new BinomialWindow(samples, p)[k], 0, 1);

        // How many of so many samples are among the k.
        BinomialWindow Votes(int count)
        {
            if (!windows.TryGetValue(count, out var window))
                windows[count] = window = new BinomialWindow(count, p);
            return window;
        }
    }

    /// <summary>The probability that k votes and silent samples are cast and that this answer is elected.</summary>
    private static double Elected(ProblemAnswers answers, int at, int k, BinomialWindow[] votes, Func<int, BinomialWindow> silentVotes)
    {
        var own = votes[at];
        var elected = 0.0;
        for (var v = Math.Max(1, own.Low); v <= Math.Min(k, own.High); v++)
        {
            // Votes that those not yet counted can cast at most.
            var (silent, left) = (answers.WithoutAnswer, 0);
            for (var other = 0; other < votes.Length; other++)
            {
                if (other != at && votes[other].High < v)
                    silent += answers.Classes[other].Samples;
                else if (other != at)
                    left += v;
            }
            var others = silentVotes(silent);
            left += others.High;
            if (left < k - v)
                continue;
            var rivals = new RivalVotes(v, k - v, Negligible / own[v]);
            for (var other = 0; other < votes.Length; other++)
            {
                if (other == at || votes[other].High < v)
                    continue;
                left -= v;
                rivals.Multiply(votes[other], k - v - left);
            }
            if (!rivals.IsEmpty)
                elected += own[v] * rivals.Won(others);
        }
        return elected;
    }
}
