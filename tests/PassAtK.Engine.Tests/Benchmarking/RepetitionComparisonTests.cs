using PassAtK.Engine.Benchmarking;

namespace PassAtK.Engine.Tests.Benchmarking;

public class RepetitionComparisonTests
{
    [Theory]
    [InlineData(Change.Slower, new[] { 1.00, 1.01, 1.02 }, new[] { 1.10, 1.11, 1.30 })]
    [InlineData(Change.Faster, new[] { 1.10, 1.11, 1.30 }, new[] { 1.00, 1.01, 1.02 })]
    // Overlapping.
    [InlineData(Change.None, new[] { 1.00, 1.01, 1.20 }, new[] { 1.10, 1.11, 1.30 })]
    // Apart, but by less than the tolerance.
    [InlineData(Change.None, new[] { 1.00, 1.01, 1.02 }, new[] { 1.021, 1.022, 1.023 })]
    [InlineData(Change.None, new[] { 1.0, 1.0, 1.0 }, new[] { 1.0, 1.0, 1.0 })]
    // The best order of two and two is one of six.
    [InlineData(Change.TooFew, new[] { 1.0, 1.0 }, new[] { 9.0, 9.0 })]
    [InlineData(Change.TooFew, new[] { 1.0 }, new[] { 9.0 })]
    // One among many may be an outlier.
    [InlineData(Change.Slower, new[] { 1.0, 1.1, 1.2, 1.3, 1.45, 1.05, 1.15 }, new[] { 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 1.0 })]
    public void Repetitions_are_slower_where_their_order_is_unlikely_and_their_medians_are_apart(Change expected, double[] before, double[] after) =>
        Assert.Equal(expected, RepetitionComparison.Of(before, after, tolerance: 0.05).Change);

    [Fact]
    public void The_probability_is_that_of_counting_all_orders()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            // Few values, so that there are ties.
            double[] low = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (double)random.Next(6))];
            double[] high = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (double)random.Next(6))];
            Assert.Equal(ByCounting(low, high), RepetitionComparison.Chance(low, high), 1e-12);
        }
    }

    [Fact]
    public void Where_nothing_changed_few_comparisons_are_called_slower()
    {
        var random = new Random(7);
        var slower = 0;
        for (var round = 0; round < 2000; round++)
        {
            double[] Times() => [.. Enumerable.Range(0, 5).Select(_ => 1 + random.NextDouble())];
            slower += RepetitionComparison.Of(Times(), Times(), 0).Change == Change.Slower ? 1 : 0;
        }
        // At most 5% by the rule: 100 of 2,000, give or take 10.
        Assert.InRange(slower, 1, 140);
    }

    private static double ByCounting(double[] low, double[] high)
    {
        double[] all = [.. low, .. high];
        var observed = Ahead(low, high);
        var (extreme, orders) = (0, 0);
        for (var mask = 0; mask < 1 << all.Length; mask++)
        {
            if (int.PopCount(mask) != high.Length)
                continue;
            orders++;
            double[] chosen = [.. all.Where((_, index) => (mask >> index & 1) == 1)];
            double[] others = [.. all.Where((_, index) => (mask >> index & 1) == 0)];
            extreme += Ahead(others, chosen) >= observed ? 1 : 0;
        }
        return (double)extreme / orders;
    }

    private static double Ahead(double[] low, double[] high) =>
        high.Sum(time => low.Sum(other => time > other ? 1.0 : time == other ? 0.5 : 0));
}
