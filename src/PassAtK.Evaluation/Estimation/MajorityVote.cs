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
/// that they and the samples without an answer add up to k. What <see cref="RivalVotes"/> computes for each number of votes that a correct
/// answer may receive is summed. Terms below 1e-16 are dropped: results are within 1e-12 of exact rationals.
/// </remarks>
public static class MajorityVote
{
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
        KeyValuePair<int, int>[] correct = [.. answers.Classes.Where(answer => answer.Correct).CountBy(answer => answer.Samples)];
        var elected = 0.0;
        for (var votes = new RivalVotes(answers, k); !votes.IsAtEnd; votes.Advance())
        {
            foreach (var (count, alike) in correct)
                elected += alike * votes.Elected(count);
        }
        return Math.Clamp(elected, 0, 1);
    }
}
