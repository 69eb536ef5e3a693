using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Evaluation.Tests.Estimation.Allocation;

/// <summary>
/// What docs/statistics.md says of adaptive runs: their estimate has no bias, their interval holds the truth, and the estimate that would
/// count the pilot as well is biased. 40 problems whose true pass@K is known.
/// </summary>
public class AdaptiveValidityTests
{
    private const int Repetitions = 1_500;

    private static readonly double[] Chances = [.. Enumerable.Range(0, 40).Select(i => i < 30 ? 0.05 : i < 36 ? 0.5 : 0.95)];

    [Theory]
    [InlineData(1, 0.06)]
    [InlineData(4, 0.12)]
    public void Estimates_of_adaptive_runs_are_unbiased_and_their_intervals_hold_the_truth(int k, double width)
    {
        var truth = Chances.Average(p => 1 - Math.Pow(1 - p, k));
        var design = new AdaptiveDesign(k, Pilot: 8, width, MostSamples: 4096);
        var random = new Random(k);
        var (errors, withPilot, covered, narrow) = (new double[Repetitions], new double[Repetitions], 0, 0);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            int[] pilot = [.. Chances.Select(p => Draw(random, 8, p))];
            var sizes = SampleAllocation.Of(design, pilot).Counted;
            ProblemCounts[] counted = [.. Chances.Select((p, i) => new ProblemCounts($"p{i}", sizes[i], Draw(random, sizes[i], p)))];
            var point = SamplingInterval.Of(counted, k);
            errors[repetition] = point.Estimate - truth;
            withPilot[repetition] = counted.Select((problem, i) =>
                PassAtKEstimator.Estimate(problem.Samples + 8, problem.Correct + pilot[i], k)).Average() - truth;
            covered += point.Low <= truth && truth <= point.High ? 1 : 0;
            narrow += point.High - point.Low <= width ? 1 : 0;
        }
        Assert.InRange(Math.Abs(StandardErrors(errors)), 0, 3.5);
        Assert.InRange(StandardErrors(withPilot), double.NegativeInfinity, -5);
        Assert.Equal(0.95, (double)covered / Repetitions, 0.02);
        Assert.InRange((double)narrow / Repetitions, 0.6, 1);
    }

    private static int Draw(Random random, int samples, double p) => Enumerable.Range(0, samples).Count(_ => random.NextDouble() < p);

    // How many standard errors the mean is from 0.
    private static double StandardErrors(double[] errors)
    {
        var mean = errors.Average();
        var variance = errors.Sum(error => (error - mean) * (error - mean)) / (errors.Length - 1);
        return mean / Math.Sqrt(variance / errors.Length);
    }
}
