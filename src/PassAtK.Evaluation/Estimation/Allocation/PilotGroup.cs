using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Estimation.Allocation;

/// <summary>Problems with as many correct samples in the pilot: nothing tells them apart, so they get the same samples.</summary>
internal sealed class PilotGroup
{
    private readonly double[] _unsolved;

    /// <param name="problems">How many there are.</param>
    /// <param name="posterior">How their p is spread.</param>
    /// <param name="k">Whose pass@k is to be narrow.</param>
    public PilotGroup(int problems, ZeroInflatedBeta posterior, int k)
    {
        Problems = problems;
        _unsolved = [.. Enumerable.Range(k, k + 1).Select(posterior.Unsolved)];
    }

    public int Problems { get; }

    /// <summary>The expected variance of all their estimates together, where each has so many samples.</summary>
    public double Variance(int samples) => Problems * EstimatorVariance.Expected(samples, _unsolved);
}
