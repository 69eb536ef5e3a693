using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

/// <summary>
/// How often 95% intervals hold the truth. Problems are drawn from a population whose pass@k is known, samples are drawn for them, and
/// the interval is compared with the population's value. The shares given here are those of docs/coverage.md, from 2,000 repetitions
/// (`PASSATK_COVERAGE=2000`, minutes; standard error 0.5 points); the tests repeat less and allow
/// three standard errors, and a little more near 1.
/// </summary>
public class CoverageTests
{
    private const int Samples = 64;
    private static readonly int[] Ks = [1, 8, 64];

    // A population: what a problem of ease u, uniform in (0, 1), is solved with by each model.
    private static readonly Dictionary<string, (Func<double, double> Base, Func<double, double> Other)> Populations = new()
    {
        // Beta(1/3, 1); the pair of the other has many unsolvable problems.
        ["hard"] = (ease => ease * ease * ease, ease => ease < 0.4 ? 0 : Math.Pow((ease - 0.4) / 0.6, 1.5)),
        // Beta(1/2, 1/2): most problems are solved nearly always or nearly never.
        ["U-shaped"] = (Arcsine, Arcsine),
        ["many zeros"] = (ease => ease < 0.6 ? 0 : Math.Pow((ease - 0.6) / 0.4, 2), ease => ease < 0.7 ? 0 : (ease - 0.7) / 0.3),
        ["mixture"] = (ease => Math.Clamp((ease - 0.3) / 0.5, 0, 1), ease => Math.Clamp((ease - 0.4) / 0.3, 0, 1)),
        ["even"] = (ease => ease, Math.Sqrt),
        // The other leads on one problem in twenty, and on no other.
        ["a twentieth"] = (ease => ease < 0.8 ? 0 : (ease - 0.8) / 0.2, ease => ease < 0.75 ? 0 : ease < 0.8 ? 0.3 : (ease - 0.8) / 0.2),
        // Two runs of one model.
        ["the same"] = (ease => ease * ease * ease, ease => ease * ease * ease),
        // Training sharpens: what is solved now and then is solved mostly, what hardly ever is lost.
        ["sharpened"] = (ease => ease * ease * ease, ease => Sharpen(ease * ease * ease)),
        // A base that solves nearly everything sometimes, and one that solves what it solves often.
        ["crossing"] = (ease => 0.3 * ease * ease, ease => ease < 0.4 ? 0 : Math.Pow((ease - 0.4) / 0.6, 1.5)),
    };

    public static TheoryData<string, int, double[]> Curves => new()
    {
        { "hard", 10, [0.950, 0.967, 0.991] },
        { "hard", 30, [0.951, 0.957, 0.953] },
        { "hard", 100, [0.944, 0.942, 0.952] },
        { "hard", 500, [0.948, 0.951, 0.957] },
        { "U-shaped", 10, [0.960, 0.944, 0.995] },
        { "U-shaped", 30, [0.953, 0.956, 0.986] },
        { "U-shaped", 100, [0.940, 0.944, 0.957] },
        { "U-shaped", 500, [0.951, 0.960, 0.955] },
        { "many zeros", 10, [0.990, 0.973, 0.990] },
        { "many zeros", 30, [0.944, 0.955, 0.960] },
        { "many zeros", 100, [0.953, 0.955, 0.942] },
        { "many zeros", 500, [0.950, 0.950, 0.953] },
        { "mixture", 10, [0.966, 0.969, 0.990] },
        { "mixture", 30, [0.954, 0.959, 0.957] },
        { "mixture", 100, [0.941, 0.941, 0.945] },
        { "mixture", 500, [0.951, 0.951, 0.951] },
        { "even", 10, [0.949, 0.981, 0.994] },
        { "even", 30, [0.951, 0.937, 0.989] },
        { "even", 100, [0.941, 0.954, 0.984] },
        { "even", 500, [0.953, 0.952, 0.963] },
        { "crossing", 10, [0.981, 0.956, 0.995] },
        { "crossing", 30, [0.958, 0.958, 0.967] },
        { "crossing", 100, [0.950, 0.947, 0.953] },
        { "crossing", 500, [0.954, 0.953, 0.963] },
    };

    // Difference at each k, gap, crossover.
    public static TheoryData<string, int, double[]> Pairs => new()
    {
        { "crossing", 10, [0.943, 0.988, 1.000, 0.971, 0.941] },
        { "crossing", 30, [0.965, 0.964, 0.976, 0.966, 0.962] },
        { "crossing", 100, [0.954, 0.955, 0.957, 0.962, 0.953] },
        { "hard", 10, [1.000, 0.951, 1.000, 0.967] },
        { "hard", 30, [0.969, 0.968, 0.965, 0.960] },
        { "hard", 100, [0.953, 0.952, 0.966, 0.955] },
        { "U-shaped", 30, [0.964, 0.981, 0.999, 0.966] },
        { "U-shaped", 100, [0.961, 0.951, 0.965, 0.956] },
        { "many zeros", 30, [0.961, 0.968, 0.997, 0.956] },
        { "many zeros", 100, [0.952, 0.949, 0.973, 0.955] },
        { "mixture", 30, [0.966, 0.948, 1.000, 0.955] },
        { "mixture", 100, [0.955, 0.960, 0.962, 0.952] },
        { "even", 30, [0.973, 0.952, 1.000, 0.962] },
        { "even", 100, [0.971, 0.952, 1.000, 0.952] },
        { "the same", 30, [0.966, 0.967, 0.988, 0.959] },
        { "the same", 100, [0.953, 0.952, 0.961, 0.956] },
        { "sharpened", 30, [0.972, 0.959, 0.984, 0.957] },
        { "sharpened", 100, [0.966, 0.959, 0.964, 0.954] },
        { "a twentieth", 30, [0.940, 0.817, 1.000, 0.946] },
        { "a twentieth", 100, [0.956, 0.961, 0.962, 0.958] },
    };

    [Theory]
    [MemberData(nameof(Curves))]
    public void Intervals_of_pass_at_k_cover_the_truth_as_often_as_documented(string population, int problems, double[] documented)
    {
        var chance = Populations[population].Base;
        var truth = Truth(chance, _ => 0).Differences.Select(difference => -difference).ToArray();
        var covered = new int[Ks.Length];
        var random = new Random(problems);
        var repetitions = Repetitions(problems);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var run = Enumerable.Range(0, problems).Select(i => Draw(random, i, chance(random.NextDouble()))).ToArray();
            var points = PassAtKCurve.Of(run, Settings(repetition), Ks).Points;
            for (var i = 0; i < Ks.Length; i++)
                covered[i] += Holds(points[i], truth[i]);
        }
        AssertShares($"{population}, {problems}", documented, covered, repetitions);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Intervals_of_differences_gaps_and_crossovers_cover_the_truth_as_often_as_documented(
        string population, int problems, double[] documented)
    {
        var (left, right) = Populations[population];
        var (differences, gap, crossover) = Truth(left, right);
        var covered = new int[documented.Length];
        var random = new Random(problems);
        var repetitions = Repetitions(problems);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var eases = Enumerable.Range(0, problems).Select(_ => random.NextDouble()).ToArray();
            var comparison = PairedComparison.Of(
                [.. eases.Select((ease, i) => Draw(random, i, left(ease)))], [.. eases.Select((ease, i) => Draw(random, i, right(ease)))],
                Settings(repetition), new LadderChoice(Ks));
            for (var i = 0; i < Ks.Length; i++)
                covered[i] += Holds(comparison.Difference[i], differences[i]);
            covered[Ks.Length] += Holds(comparison.SamplingEfficiencyGap, gap);
            // Without a crossover in the run itself there is no interval, and nothing is covered.
            if (covered.Length > Ks.Length + 1 && comparison.Crossover is { K: not null } found)
                covered[^1] += (found.Low ?? Samples) <= crossover && crossover <= (found.High ?? Samples) ? 1 : 0;
        }
        AssertShares($"{population}, {problems}", documented, covered, repetitions);
    }

    [Theory]
    [InlineData(30, new double[] { 0.968, 0.965, 0.976, 0.966 })]
    [InlineData(100, new double[] { 0.961, 0.952, 0.968, 0.950 })]
    public void Intervals_of_what_a_model_adds_to_chance_cover_the_truth_as_often_as_documented(int problems, double[] documented)
    {
        // What is easy for a model is easier to guess.
        static double Guess(double ease) => 0.15 * ease;
        var model = Populations["crossing"].Other;
        var (differences, _, catchUp) = Truth(Guess, model);
        var covered = new int[documented.Length];
        var random = new Random(problems);
        var repetitions = Repetitions(problems);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var eases = Enumerable.Range(0, problems).Select(_ => random.NextDouble()).ToArray();
            var above = AboveChance.Of(
                eases.Select((ease, i) => (Draw(random, i, model(ease)), Guess(ease))), Samples, Settings(repetition), Ks);
            for (var i = 0; i < Ks.Length; i++)
                covered[i] += Holds(above.Difference[i], differences[i]);
            covered[^1] += above.CatchUp is { K: not null } found
                && (found.Low ?? Samples) <= catchUp && catchUp <= (found.High ?? Samples) ? 1 : 0;
        }
        AssertShares($"above chance, {problems}", documented, covered, repetitions);
    }

    private static double Sharpen(double p) => p * p / ((p * p) + (0.05 * (1 - p)));

    private static double Arcsine(double ease) => Math.Pow(Math.Sin(Math.PI * ease / 2), 2);

    // So many that all sizes take about the same time.
    private static int Repetitions(int problems) =>
        int.TryParse(Environment.GetEnvironmentVariable("PASSATK_COVERAGE"), CultureInfo.InvariantCulture, out var repetitions)
            ? repetitions
            : Math.Clamp(6_000 / problems, 24, 200);

    private static BootstrapSettings Settings(int repetition) => new()
    {
        Resamples = Environment.GetEnvironmentVariable("PASSATK_COVERAGE") is null ? 500 : 1_000,
        Seed = (ulong)repetition,
    };

    // Midpoint rule over the ease of problems.
    private static (double[] Differences, double Gap, double? Crossover) Truth(Func<double, double> left, Func<double, double> right)
    {
        const int Steps = 20_000;
        var dense = KLadder.Dense(Samples);
        var difference = new double[dense.Length];
        var gap = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            var ease = (step + 0.5) / Steps;
            var (wrongLeft, wrongRight) = (1 - left(ease), 1 - right(ease));
            for (var i = 0; i < dense.Length; i++)
                difference[i] += (Math.Pow(wrongLeft, dense[i]) - Math.Pow(wrongRight, dense[i])) / Steps;
            gap += (wrongRight - Math.Pow(wrongLeft, Samples)) / Steps;
        }
        return ([.. Ks.Select(k => difference[Array.IndexOf(dense, k)])], gap, Crossover.Find(dense, difference).K);
    }

    private static ProblemCounts Draw(Random random, int problem, double chance) =>
        new($"p{problem}", Samples, Enumerable.Range(0, Samples).Count(_ => random.NextDouble() < chance));

    private static int Holds(CurvePoint interval, double truth) => interval.Low <= truth && truth <= interval.High ? 1 : 0;

    private static void AssertShares(string name, double[] documented, int[] covered, int repetitions)
    {
        double[] shares = [.. covered.Select(count => (double)count / repetitions)];
        var text = string.Join(", ", shares.Select(share => share.ToString("0.000", CultureInfo.InvariantCulture)));
        TestContext.Current.SendDiagnosticMessage("{0}: {1}", name, text);
        foreach (var (expected, share) in documented.Zip(shares))
            Assert.Equal(expected, share, 0.005 + (3 * Math.Sqrt(expected * (1.02 - expected) / repetitions)));
    }
}
