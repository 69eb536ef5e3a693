using PassAtK.Engine;
using PassAtK.Engine.Sampling;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// Counts as if only some of the samples had been drawn, where nothing but counts is known: the samples that stay are a random choice
/// without replacement, so their correct ones are hypergeometric. The choice depends on the problem's id and the seed alone.
/// </summary>
public static class HiddenSamples
{
    /// <param name="problem">Counts of all samples.</param>
    /// <param name="kept">How many samples stay, at least 1; a problem with fewer keeps all.</param>
    /// <param name="seed">Key of the random stream.</param>
    /// <exception cref="InputException"><paramref name="kept"/> is below 1.</exception>
    public static ProblemCounts Keep(ProblemCounts problem, int kept, ulong seed = 0)
    {
        if (kept < 1)
            throw new InputException($"the number of samples kept is {kept}, expected at least 1.");
        if (kept >= problem.Samples)
            return problem;
        var key = Philox.ProblemKey(problem.Id);
        var (left, correctLeft) = (problem.Samples, problem.Correct);
        for (var sample = 0; sample < kept; sample++)
        {
            if (Philox.Uniform(seed, key, sample, int.MaxValue) * left < correctLeft)
                correctLeft--;
            left--;
        }
        return new ProblemCounts(problem.Id, kept, problem.Correct - correctLeft);
    }
}
