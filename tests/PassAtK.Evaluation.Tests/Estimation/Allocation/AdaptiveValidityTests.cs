using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Evaluation.Tests.Estimation.Allocation;

/// <summary>
/// What docs/forecasts.md says of adaptive runs: what the pilot allots is estimated without bias, extending it all by one factor adds
/// next to none, intervals hold the truth and are as narrow as wanted, and the estimate that would count the pilot as well is biased. 40
/// problems whose true pass@K is known; their p is spread in another way than the allotment takes it to be.
/// </summary>
public class AdaptiveValidityTests
{
    private const int Repetitions = 1_200;

    private static readonly double[] Chances = [.. Enumerable.Range(0, 40).Select(i => i < 30 ? 0.05 : i < 36 ? 0.5 : 0.95)];

    [Theory]
    [InlineData(1, 0.06, 0.95)]
    [InlineData(4, 0.12, 0.921)]
    [InlineData(4, 0.06, 0.945)]
    public void Estimates_of_adaptive_runs_are_unbiased_and_their_intervals_hold_the_truth(
        int k, double width, double documentedCoverage)
    {
        var truth = Chances.Average(p => 1 - Math.Pow(1 - p, k));
        var design = new AdaptiveDesign(k, Pilot: 8, width, MostSamples: 4096);
        var random = new Random(k);
        var (first, last, withPilot) = (new double[Repetitions], new double[Repetitions], new double[Repetitions]);
        var (covered, narrow) = (0, 0);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            int[] pilot = [.. Chances.Select(p => Draw(random, 8, p))];
            var sizes = SampleAllocation.Of(design, pilot).Counted;
            ProblemCounts[] counted = [.. Chances.Select((p, i) => new ProblemCounts($"p{i}", sizes[i], Draw(random, sizes[i], p)))];
            first[repetition] = SamplingInterval.Of(counted, k).Estimate - truth;
            withPilot[repetition] = counted.Select((problem, i) =>
                PassAtKEstimator.Estimate(problem.Samples + 8, problem.Correct + pilot[i], k)).Average() - truth;
            while (SampleAllocation.Extend(design, counted) is { } more)
            {
                counted = [.. counted.Select((problem, i) => new ProblemCounts(
                    problem.Id, more[i], problem.Correct + Draw(random, more[i] - problem.Samples, Chances[i])))];
            }
            var point = SamplingInterval.Of(counted, k);
            last[repetition] = point.Estimate - truth;
            covered += point.Low <= truth && truth <= point.High ? 1 : 0;
            narrow += point.High - point.Low <= width ? 1 : 0;
        }
        var standardError = 1 / Math.Sqrt(Repetitions);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Bias(first)} {Bias(last)} {Bias(withPilot)} {covered}");
        Assert.InRange(Math.Abs(Bias(first)), 0, 3.5 * standardError);
        Assert.InRange(Math.Abs(Bias(last)), 0, 0.15 + (3 * standardError));
        Assert.InRange(Bias(withPilot), double.NegativeInfinity, -3 * standardError);
        Assert.Equal(documentedCoverage, (double)covered / Repetitions, 0.02);
        Assert.Equal(Repetitions, narrow);
    }

    private static int Draw(Random random, int samples, double p) => Enumerable.Range(0, samples).Count(_ => random.NextDouble() < p);

    // In standard deviations of one estimate.
    private static double Bias(double[] errors)
    {
        var mean = errors.Average();
        var variance = errors.Sum(error => (error - mean) * (error - mean)) / (errors.Length - 1);
        return mean / Math.Sqrt(variance);
    }
}
