using PassAtK.Engine;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Evaluation.Tests.Estimation.Allocation;

public class SampleAllocationTests
{
    private static readonly AdaptiveDesign Design = new(K: 4, Pilot: 16, TargetWidth: 0.02, MostSamples: 4096);

    private static readonly int[] Pilot = [.. Enumerable.Range(0, 80).Select(i => i % 5 < 2 ? 0 : i % 17)];

    [Fact]
    public void The_interval_is_expected_to_be_as_narrow_as_wanted_for_fewer_samples_than_a_uniform_run_needs()
    {
        var allocation = SampleAllocation.Of(Design, Pilot);
        Assert.InRange(allocation.ExpectedWidth, 0.8 * Design.TargetWidth, Design.TargetWidth);
        Assert.All(allocation.Counted, counted => Assert.InRange(counted, 8, 4096 - 16));
        var spent = allocation.Counted.Sum() + (16 * Pilot.Length);
        Assert.InRange(spent, 1, allocation.Uniform * Pilot.Length);
    }

    [Fact]
    public void Problems_get_samples_by_their_pilot_alone_whatever_their_order()
    {
        var allocation = SampleAllocation.Of(Design, Pilot);
        var byPilot = Pilot.Zip(allocation.Counted).Distinct().ToDictionary(pair => pair.First, pair => pair.Second);
        int[] backwards = [.. Pilot.Reverse()];
        Assert.Equal(backwards.Select(correct => byPilot[correct]), SampleAllocation.Of(Design, backwards).Counted);
        // Whoever always succeeds has nothing to tell about pass@4.
        Assert.True(byPilot[16] < byPilot[2]);
    }

    [Fact]
    public void A_smaller_target_only_adds_samples()
    {
        var sizes = new[] { 0.1, 0.05, 0.03, 0.02, 0.01, 0.005 }
            .Select(width => SampleAllocation.Of(Design with { TargetWidth = width }, Pilot).Counted).ToArray();
        foreach (var (wide, narrow) in sizes.Zip(sizes.Skip(1)))
            Assert.All(wide.Zip(narrow), pair => Assert.True(pair.First <= pair.Second));
        Assert.True(sizes[0].Sum() < sizes[^1].Sum());
    }

    [Fact]
    public void The_most_samples_of_a_problem_hold_whatever_the_target()
    {
        var allocation = SampleAllocation.Of(Design with { TargetWidth = 1e-4, MostSamples = 100 }, Pilot);
        Assert.Equal(100 - 16, allocation.Counted.Max());
        Assert.True(allocation.ExpectedWidth > 1e-4);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(16, 16, 16)]
    [InlineData(7)]
    public void A_pilot_that_shows_no_spread_still_allots(params int[] pilot)
    {
        var allocation = SampleAllocation.Of(Design with { TargetWidth = 0.2 }, pilot);
        Assert.Single(allocation.Counted.Distinct());
        Assert.InRange(allocation.ExpectedWidth, 0, 0.2);
    }

    [Theory]
    [InlineData(0, 16, 0.1, 100, "k of an adaptive run is 0")]
    [InlineData(4, 0, 0.1, 100, "pilot of an adaptive run has 0 samples")]
    [InlineData(4, 16, 0, 100, "target width is 0")]
    [InlineData(4, 16, double.NaN, 100, "target width is NaN")]
    [InlineData(4, 16, 0.1, 23, "at least 24")]
    public void A_design_that_cannot_be_is_refused_by_name(int k, int pilot, double width, int most, string reason)
    {
        var error = Assert.Throws<InputException>(() => new AdaptiveDesign(k, pilot, width, most).Validate());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
