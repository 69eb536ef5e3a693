using System.Numerics;
using System.Text.Json;
using CsCheck;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Estimation;

public class PassAtKEstimatorTests
{
    // n log-uniform up to 100,000, c and k anywhere from 1 to n, half of the time small.
    private static readonly Gen<(int Samples, int Correct, int K)> Counts =
        from samples in LogUniform(100_000)
        from correct in Gen.OneOf(Gen.Int[0, samples], LogUniform(samples))
        from k in Gen.OneOf(Gen.Int[1, samples], LogUniform(samples))
        select (samples, correct, k);

    [Fact]
    public void All_rows_of_the_golden_file_agree_to_1e_12()
    {
        var path = RepositoryPaths.InSharedOrSkip("data", "passk_golden.jsonl");
        var rows = 0;
        foreach (var line in File.ReadLines(path))
        {
            using var row = JsonDocument.Parse(line);
            int Field(string name) => row.RootElement.GetProperty(name).GetInt32();
            var estimate = PassAtKEstimator.Estimate(Field("n"), Field("c"), Field("k"));
            Assert.True(Math.Abs(estimate - row.RootElement.GetProperty("pass_at_k").GetDouble()) <= 1e-12, line);
            rows++;
        }
        Assert.Equal(1183, rows);
    }

    [Theory]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(10, 3, 1, 0.3)]
    [InlineData(5, 2, 2, 0.7)] // 1 - C(3,2)/C(5,2) = 1 - 3/10
    [InlineData(4, 2, 2, 5 / 6.0)]
    [InlineData(100_000, 1, 1, 1e-5)]
    [InlineData(100_000, 1, 50_000, 0.5)]
    public void Small_cases_agree_with_counting_by_hand(int samples, int correct, int k, double expected) =>
        Assert.Equal(expected, PassAtKEstimator.Estimate(samples, correct, k), 1e-15);

    [Fact]
    public void Random_counts_agree_with_exact_rationals() =>
        Counts.Sample(
            counts =>
            {
                var (samples, correct, k) = counts;
                var expected = Exact(samples, correct, k);
                return Math.Abs(PassAtKEstimator.Estimate(samples, correct, k) - expected) <= 1e-12 * Math.Min(1, 10 * expected);
            },
            iter: 300, threads: 1);

    [Fact]
    public void More_correct_samples_or_a_larger_k_never_lower_the_estimate() =>
        Counts.Sample(
            counts =>
            {
                var (samples, correct, k) = counts;
                var estimate = PassAtKEstimator.Estimate(samples, correct, k);
                return estimate is >= 0 and <= 1
                    && (correct == samples || PassAtKEstimator.Estimate(samples, correct + 1, k) >= estimate - 1e-14)
                    && (k == samples || PassAtKEstimator.Estimate(samples, correct, k + 1) >= estimate - 1e-14);
            },
            iter: 2000, threads: 1);

    [Fact]
    public void Averaged_over_every_choice_of_k_samples_it_is_the_share_of_choices_with_a_correct_one()
    {
        for (var correct = 0; correct <= 8; correct++)
        {
            for (var k = 1; k <= 8; k++)
            {
                var choices = Enumerable.Range(0, 256).Where(choice => BitOperations.PopCount((uint)choice) == k).ToArray();
                var solved = choices.Count(choice => (choice & ((1 << correct) - 1)) != 0);
                Assert.Equal((double)solved / choices.Length, PassAtKEstimator.Estimate(8, correct, k), 1e-15);
            }
        }
    }

    [Theory]
    [InlineData(4, 2, 5, "pass@5 needs at least 5 samples of each problem, found 4.")]
    [InlineData(4, 2, 0, "k is 0, expected at least 1.")]
    [InlineData(0, 0, 1, "the number of samples is 0, expected at least 1.")]
    [InlineData(4, 5, 1, "the number of correct samples is 5, expected 0 to 4.")]
    [InlineData(4, -1, 1, "the number of correct samples is -1, expected 0 to 4.")]
    public void What_has_no_estimate_is_refused_by_name(int samples, int correct, int k, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => PassAtKEstimator.Estimate(samples, correct, k)).Message);

    private static Gen<int> LogUniform(int largest) =>
        Gen.Double[0, Math.Log(largest)].Select(log => Math.Clamp((int)Math.Round(Math.Exp(log)), 1, largest));

    // 1 - C(n - c, k) / C(n, k) in whole numbers, rounded once; 200 bits behind the point keep small values precise.
    private static double Exact(int samples, int correct, int k)
    {
        if (samples - correct < k)
            return 1;
        var (few, many) = (Math.Min(correct, k), Math.Max(correct, k));
        var missed = FallingProduct(samples - many, few);
        var all = FallingProduct(samples, few);
        return (double)(((all - missed) << 200) / all) * Math.Pow(2, -200);
    }

    // first (first - 1) ... in `count` factors, split in halves so that large numbers multiply large ones.
    private static BigInteger FallingProduct(int first, int count) => count switch
    {
        0 => BigInteger.One,
        1 => first,
        _ => FallingProduct(first, count / 2) * FallingProduct(first - (count / 2), count - (count / 2)),
    };
}
