using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class AnswerDiversityTests
{
    [Fact]
    public void Estimates_of_entropy_agree_with_values_worked_out_by_hand()
    {
        // Counts 4, 2, 1, 1: shares 1/2, 1/4, 1/8, 1/8 have 1.75 bits; two of eight seen once leave a coverage of 3/4.
        int[] counts = [4, 2, 1, 1];
        Assert.Equal(1.75 * Math.Log(2), AnswerDiversity.PlugInOf(counts), 1e-14);
        Assert.Equal((1.75 * Math.Log(2)) + (3 / 16.0), AnswerDiversity.MillerMadowOf(counts), 1e-14);
        double[] shares = [3 / 8.0, 3 / 16.0, 3 / 32.0, 3 / 32.0];
        Assert.Equal(shares.Sum(p => -p * Math.Log(p) / (1 - Math.Pow(1 - p, 8))), AnswerDiversity.ChaoShenOf(counts), 1e-14);
        Assert.Equal((0, 0, 0), (AnswerDiversity.PlugInOf([5]), AnswerDiversity.MillerMadowOf([5]), AnswerDiversity.ChaoShenOf([5])));
    }

    [Fact]
    public void Answers_that_were_not_seen_bias_the_plug_in_most_and_Chao_and_Shen_least()
    {
        // 64 equally likely answers, 32 samples: ln 64 = 4.16 cannot be seen, ln 32 = 3.47 is the most that shares can show.
        var random = new Random(1);
        var (plugIn, millerMadow, chaoShen) = (0.0, 0.0, 0.0);
        for (var repetition = 0; repetition < 200; repetition++)
        {
            int[] counts = [.. Enumerable.Range(0, 32).Select(_ => random.Next(64)).CountBy(answer => answer).Select(pair => pair.Value)];
            plugIn += AnswerDiversity.PlugInOf(counts) / 200;
            millerMadow += AnswerDiversity.MillerMadowOf(counts) / 200;
            chaoShen += AnswerDiversity.ChaoShenOf(counts) / 200;
        }
        Assert.True(plugIn < millerMadow && millerMadow < chaoShen, $"{plugIn} {millerMadow} {chaoShen}");
        Assert.True(plugIn < 3.4);
        Assert.Equal(Math.Log(64), chaoShen, 0.25);
    }

    [Fact]
    public void Means_are_over_problems_and_samples_without_an_answer_are_one_outcome_but_no_answer()
    {
        var diversity = AnswerDiversity.Of(
            [new("a", [new("1", 2, true), new("2", 1, false)], 1), new("b", [new("3", 4, false)], 0)],
            new BootstrapSettings { Resamples = 200 })!;
        Assert.Equal(1.5, diversity.Distinct.Estimate);
        Assert.Equal(1.5 * Math.Log(2) / 2, diversity.PlugIn.Estimate, 1e-14);
        Assert.Null(AnswerDiversity.Of([]));
    }

    [Fact]
    public void Lengths_are_told_of_all_samples_and_of_correct_and_wrong_ones()
    {
        var lengths = SampleLengths.Of([new("a", [10, 20], [30]), new("b", [], [40, 50])], new BootstrapSettings { Resamples = 200 })!;
        Assert.Equal((20 + 45) / 2.0, lengths.All.Estimate);
        Assert.Equal(15, lengths.Correct!.Value.Estimate);
        Assert.Equal(40, lengths.Wrong!.Value.Estimate);
        Assert.Equal(
            [(0.05, 12.0), (0.25, 20), (0.5, 30), (0.75, 40), (0.95, 48), (1, 50)],
            lengths.Quantiles.Select(quantile => (quantile.Share, Math.Round(quantile.Tokens, 9))));
        Assert.Null(SampleLengths.Of([new("a", [], [3])])!.Correct);
        Assert.Null(SampleLengths.Of([]));
    }
}
