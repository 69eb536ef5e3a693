using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class PerplexityTests
{
    [Fact]
    public void Every_problem_counts_the_same_and_every_sample_within_it()
    {
        // Perplexities of the samples by hand: e^(5/10) and e^(6/2) of one problem, e^(1/4) of the other.
        ProblemLikelihoods[] problems =
        [
            new("a", [new(10, true, -1, -5), new(2, true, -1, -6)]),
            new("b", [new(4, true, -1, -1)]),
        ];
        var scored = ScoredPerplexity.Of(problems, _ => true)!;
        Assert.Equal((2, 3L, 16L), (scored.Problems, scored.Samples, scored.Tokens));
        Assert.Equal(Math.Exp((((0.5 + 3) / 2) + 0.25) / 2), scored.Scorer.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(Math.Exp((((0.1 + 0.5) / 2) + 0.25) / 2), scored.Own.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(scored.Scorer.Mean.Value.Estimate / scored.Own.Mean.Value.Estimate, scored.Ratio!.Value.Estimate, 1e-12);
        Assert.Equal(21, scored.Scorer.Quantiles.Count);
        Assert.Equal(Math.Exp(0.25), scored.Scorer.Quantiles[0]!.Value, 1e-12);
        Assert.Equal(Math.Exp(0.5), scored.Scorer.Quantiles[10]!.Value, 1e-12);
        Assert.Equal(Math.Exp(3), scored.Scorer.Quantiles[20]!.Value, 1e-12);
    }

    [Fact]
    public void Samples_that_are_not_wanted_and_problems_without_any_are_left_out()
    {
        ProblemLikelihoods[] problems =
        [
            new("a", [new(1, true, -1, -1), new(1, false, -9, -9), new(1, null, -9, -9)]),
            new("b", [new(1, false, -9, -9)]),
        ];
        var correct = ScoredPerplexity.Of(problems, sample => sample.Correct == true)!;
        Assert.Equal((1, 1L), (correct.Problems, correct.Samples));
        Assert.Equal(Math.E, correct.Scorer.Mean!.Value.Estimate, 1e-12);
        Assert.Null(ScoredPerplexity.Of(problems, _ => false));
        Assert.Null(PairedPerplexity.Of(problems, problems[1..], sample => sample.Correct == true));
    }

    [Fact]
    public void A_token_without_probability_makes_the_mean_infinite_and_is_counted()
    {
        ProblemLikelihoods[] problems =
        [
            new("a", [new(4, true, -1, double.NegativeInfinity), new(4, true, -1, -2)]),
            new("b", [new(4, true, -1, double.NaN), new(4, true, -1, -2), new(4, true, -1, -2)]),
        ];
        var scored = ScoredPerplexity.Of(problems, _ => true)!;
        Assert.Null(scored.Scorer.Mean);
        Assert.Null(scored.Ratio);
        Assert.Equal(2, scored.Scorer.Impossible);
        Assert.Equal(Math.Exp(0.5), scored.Scorer.Quantiles[10]!.Value, 1e-12);
        Assert.Null(scored.Scorer.Quantiles[20]);
        Assert.Equal(Math.Exp(0.25), scored.Own.Mean!.Value.Estimate, 1e-12);
        var paired = PairedPerplexity.Of(problems, problems, _ => true)!;
        Assert.Null(paired.OtherUnderBase.Mean);
        // Infinite is above everything: of problem a half of the pairs, of b two thirds.
        Assert.Equal(0.5 * (1.0 + 1.0), paired.BaseLikelier.Estimate, 1e-12);
    }

    [Fact]
    public void How_often_the_base_is_likelier_is_what_counting_all_pairs_gives()
    {
        var random = new Random(11);
        var (left, right) = (Random(random, 30, 7), Random(random, 30, 5));
        var paired = PairedPerplexity.Of(left, right, _ => true)!;
        var expected = left.Zip(right).Average(pair => (
            from mine in pair.First.Samples
            from theirs in pair.Second.Samples
            let difference = (-mine.Own / mine.Tokens) - (-theirs.Scored!.Value / theirs.Tokens)
            select difference < 0 ? 1 : difference == 0 ? 0.5 : 0).Average());
        Assert.Equal(expected, paired.BaseLikelier.Estimate, 1e-12);
        Assert.InRange(expected, 0.2, 0.8);
        Assert.Equal(
            Math.Exp(left.Average(problem => problem.Samples.Average(sample => -sample.Own / sample.Tokens))),
            paired.BaseUnderBase.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(
            Math.Exp(right.Average(problem => problem.Samples.Average(sample => -sample.Scored!.Value / sample.Tokens))),
            paired.OtherUnderBase.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(
            Math.Exp(right.Average(problem => problem.Samples.Average(sample => -sample.Own / sample.Tokens))),
            paired.OtherUnderOther.Mean!.Value.Estimate, 1e-12);
    }

    [Fact]
    public void What_is_hard_for_both_does_not_widen_the_interval_of_the_ratio()
    {
        // The problems differ a hundredfold, the two runs on each of them by exactly a factor of e^0.1.
        var left = Enumerable.Range(1, 40).Select(i => new ProblemLikelihoods($"{i}", [new(1, true, -0.1 * i, null)])).ToArray();
        var right = Enumerable.Range(1, 40).Select(i => new ProblemLikelihoods($"{i}", [new(1, true, -1, (-0.1 * i) - 0.1)])).ToArray();
        var paired = PairedPerplexity.Of(left, right, _ => true)!;
        Assert.True(paired.BaseUnderBase.Mean!.Value.High / paired.BaseUnderBase.Mean.Value.Low > 1.5);
        Assert.Equal(Math.Exp(0.1), paired.Ratio!.Value.Low, 1e-9);
        Assert.Equal(Math.Exp(0.1), paired.Ratio.Value.High, 1e-9);
        // A share: of 40 problems that agree some may be otherwise.
        Assert.Equal((1, 1), (paired.BaseLikelier.Estimate, paired.BaseLikelier.High));
        Assert.Equal(Math.Pow(0.025, 1 / 40.0), paired.BaseLikelier.Low, 1e-12);
    }

    [Fact]
    public void Neither_the_order_of_problems_nor_their_names_change_a_number()
    {
        var random = new Random(4);
        var (left, right) = (Random(random, 20, 4), Random(random, 20, 4));
        var expected = PairedPerplexity.Of(left, right, _ => true)!;
        ProblemLikelihoods Renamed(ProblemLikelihoods problem) => problem with { Id = "x" + (19 - int.Parse(problem.Id, null)) };
        var actual = PairedPerplexity.Of(
            [.. left.Select(Renamed).Reverse()], [.. right.Select(Renamed).OrderBy(problem => problem.Samples[0].Own)], _ => true)!;
        Assert.Equal(expected.BaseUnderBase.Mean, actual.BaseUnderBase.Mean);
        Assert.Equal(expected.OtherUnderBase.Mean, actual.OtherUnderBase.Mean);
        Assert.Equal(expected.Ratio, actual.Ratio);
        Assert.Equal(expected.BaseLikelier, actual.BaseLikelier);
        Assert.Equal(expected.OtherUnderOther.Quantiles, actual.OtherUnderOther.Quantiles);
    }

    private static ProblemLikelihoods[] Random(Random random, int problems, int samples) =>
    [
        .. Enumerable.Range(0, problems).Select(problem => new ProblemLikelihoods($"{problem}", [
            // Few distinct values, so that there are ties.
            .. Enumerable.Range(0, samples).Select(_ =>
                new SampleLikelihood(1 + random.Next(3), true, -random.Next(1, 7), -random.Next(1, 7))),
        ])),
    ];
}
