using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class McNemarTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(4, 0, 0.125)]
    [InlineData(0, 4, 0.125)]
    [InlineData(7, 7, 1)]
    [InlineData(8, 7, 1)]
    // Exact fractions, rounded once.
    [InlineData(10, 3, 0.09228515625)]
    [InlineData(1, 8, 0.0390625)]
    [InlineData(59, 6, 4.964650327128617e-12)]
    [InlineData(121, 59, 4.434449263755176e-06)]
    [InlineData(42, 0, 4.547473508864641e-13)]
    [InlineData(5000, 5200, 0.04878796312682245)]
    public void P_is_the_exact_binomial_one(int baseOnly, int otherOnly, double expected) =>
        Assert.Equal(expected, McNemar.TwoSidedP(baseOnly, otherOnly), baseOnly + otherOnly <= 50 ? 0 : 1e-11 * expected);

    [Theory]
    [InlineData(499, 501)]
    [InlineData(450, 550)]
    [InlineData(400, 600)]
    public void The_sum_and_the_incomplete_beta_function_agree_where_they_meet(int few, int many) =>
        Assert.Equal(Math.Min(1, 2 * BinomialTail.AtMost(few, few + many, 0.5)), McNemar.TwoSidedP(few, many), 1e-12);

    [Fact]
    public void Millions_of_pairs_agree_with_the_normal_limit()
    {
        // z = (1,002,000 - 1,000,000 - 1) / sqrt(2,002,000), continuity corrected: 2 (1 - Phi(1.41280...)) = 0.157715...
        Assert.Equal(0.15771, McNemar.TwoSidedP(1_000_000, 1_002_000), 2e-5);
        Assert.InRange(McNemar.TwoSidedP(900_000, 1_100_000), 0, double.Epsilon);
    }
}
