using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

/// <summary>
/// How often 95% intervals hold the truth. Problems are drawn from a population whose pass@k is known, samples are drawn for them, and
/// the interval is compared with the population's value. The shares given here are those of docs/statistics.md, from 10,000
/// repetitions (standard error 0.25 points); the tests repeat 400 (1.2 points) and allow three standard errors.
/// </summary>
public class CoverageTests
{
    private const int Samples = 64;
    private const int Repetitions = 400;
    private static readonly BootstrapSettings Settings = new() { Resamples = 1_000 };

    [Theory]
    [InlineData(10, 0.893, 0.914, 0.907)]
    [InlineData(30, 0.931, 0.934, 0.928)]
    [InlineData(100, 0.945, 0.944, 0.942)]
    public void Intervals_of_pass_at_k_cover_the_truth_as_often_as_documented(int problems, double at1, double at8, double at64)
    {
        // p = u^3 with u uniform is Beta(1/3, 1): E[(1 - p)^k] is the product of j / (j + 1/3) for j up to k.
        int[] ks = [1, 8, 64];
        double[] truth = [.. ks.Select(k => 1 - Enumerable.Range(1, k).Aggregate(1.0, (product, j) => product * j / (j + (1 / 3.0))))];
        var covered = new int[ks.Length];
        var random = new Random(problems);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var run = Enumerable.Range(0, problems).Select(i => Draw(random, i, Math.Pow(random.NextDouble(), 3))).ToArray();
            var points = PassAtKCurve.Of(run, Settings with { Seed = (ulong)repetition }).Points;
            for (var i = 0; i < ks.Length; i++)
                covered[i] += Holds(points.Single(point => point.K == ks[i]), truth[i]);
        }
        AssertShares([at1, at8, at64], covered);
    }

    [Theory]
    [InlineData(30, 0.933, 0.935, 0.933, 0.933)]
    [InlineData(100, 0.939, 0.943, 0.939, 0.942)]
    public void Intervals_of_differences_and_crossovers_cover_the_truth_as_often_as_documented(
        int problems, double at1, double at8, double at64, double atCrossover)
    {
        int[] ks = [1, 8, 64];
        var covered = new int[ks.Length + 1];
        var (differences, crossover) = Truth(BaseChance, OtherChance, ks);
        var random = new Random(problems);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var eases = Enumerable.Range(0, problems).Select(_ => random.NextDouble()).ToArray();
            var comparison = PairedComparison.Of(
                [.. eases.Select((ease, i) => Draw(random, i, BaseChance(ease)))],
                [.. eases.Select((ease, i) => Draw(random, i, OtherChance(ease)))],
                Settings with { Seed = (ulong)repetition });
            for (var i = 0; i < ks.Length; i++)
                covered[i] += Holds(comparison.Difference.Single(point => point.K == ks[i]), differences[i]);
            // Without a crossover in the run itself there is no interval, and nothing is covered.
            covered[^1] += comparison.Crossover is { K: not null } found
                && (found.Low ?? Samples) <= crossover && crossover <= (found.High ?? Samples) ? 1 : 0;
        }
        AssertShares([at1, at8, at64, atCrossover], covered);
    }

    [Theory]
    [InlineData(30, 0.938, 0.940, 0.939, 0.940)]
    [InlineData(100, 0.945, 0.944, 0.947, 0.945)]
    public void Intervals_of_what_a_model_adds_to_chance_cover_the_truth_as_often_as_documented(
        int problems, double at1, double at8, double at64, double atCatchUp)
    {
        int[] ks = [1, 8, 64];
        var covered = new int[ks.Length + 1];
        var (differences, catchUp) = Truth(GuessChance, OtherChance, ks);
        var random = new Random(problems);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var eases = Enumerable.Range(0, problems).Select(_ => random.NextDouble()).ToArray();
            var above = AboveChance.Of(
                eases.Select((ease, i) => (Draw(random, i, OtherChance(ease)), GuessChance(ease))),
                Samples, Settings with { Seed = (ulong)repetition });
            for (var i = 0; i < ks.Length; i++)
                covered[i] += Holds(above.Difference.Single(point => point.K == ks[i]), differences[i]);
            covered[^1] += above.CatchUp is { K: not null } found
                && (found.Low ?? Samples) <= catchUp && catchUp <= (found.High ?? Samples) ? 1 : 0;
        }
        AssertShares([at1, at8, at64, atCatchUp], covered);
    }

    // What is easy for a model is easier to guess.
    private static double GuessChance(double ease) => 0.15 * ease;

    private static double BaseChance(double ease) => 0.3 * ease * ease;

    private static double OtherChance(double ease) => ease < 0.4 ? 0 : Math.Pow((ease - 0.4) / 0.6, 1.5);

    // Midpoint rule over the ease of problems.
    private static (double[] Differences, double Crossover) Truth(Func<double, double> left, Func<double, double> right, int[] ks)
    {
        const int Steps = 100_000;
        var dense = KLadder.Dense(Samples);
        var difference = new double[dense.Length];
        for (var step = 0; step < Steps; step++)
        {
            var ease = (step + 0.5) / Steps;
            for (var i = 0; i < dense.Length; i++)
                difference[i] += (Math.Pow(1 - left(ease), dense[i]) - Math.Pow(1 - right(ease), dense[i])) / Steps;
        }
        return ([.. ks.Select(k => difference[Array.IndexOf(dense, k)])], Crossover.Find(dense, difference).K!.Value);
    }

    private static ProblemCounts Draw(Random random, int problem, double chance) =>
        new($"p{problem}", Samples, Enumerable.Range(0, Samples).Count(_ => random.NextDouble() < chance));

    private static int Holds(CurvePoint interval, double truth) => interval.Low <= truth && truth <= interval.High ? 1 : 0;

    private static void AssertShares(double[] documented, int[] covered)
    {
        for (var i = 0; i < covered.Length; i++)
        {
            var share = (double)covered[i] / Repetitions;
            Assert.Equal(documented[i], share, 3 * Math.Sqrt(documented[i] * (1 - documented[i]) / Repetitions));
        }
    }
}
