using System.Text.Json;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Tests.Reports;

public class PerplexityReportTests
{
    private static readonly RunOutcome Base = Outcome("base", scored: null, [0.5, 0.7], correct: 1);
    private static readonly RunOutcome Other = Outcome("rl", scored: 0.25, [0.1, 0.1], correct: 2);

    [Fact]
    public void A_comparison_shows_all_three_perplexities_of_all_and_of_correct_samples()
    {
        var report = ComparisonReport.Of(Base, Other);
        Assert.Null(report.ScoreGap);
        var (all, correct) = (report.Perplexity!.All, report.Perplexity.Correct!);
        Assert.Equal((2, 4L, 4L), (all.Problems, all.BaseSamples, all.OtherSamples));
        Assert.Equal((2, 2L, 4L), (correct.Problems, correct.BaseSamples, correct.OtherSamples));
        Assert.Equal(Math.Exp(0.6), all.BaseUnderBase.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(Math.Exp(0.5), correct.BaseUnderBase.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(Math.Exp(0.25), all.OtherUnderBase.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(Math.Exp(0.1), all.OtherUnderOther.Mean!.Value.Estimate, 1e-12);
        Assert.Equal(Math.Exp(0.25 - 0.6), all.Ratio!.Value.Estimate, 1e-12);
        Assert.Equal(0, all.BaseLikelier.Estimate);

        using var json = JsonDocument.Parse(report.ToJson());
        var underBase = json.RootElement.GetProperty("perplexity").GetProperty("all").GetProperty("otherUnderBase");
        Assert.Equal(21, underBase.GetProperty("quantiles").GetArrayLength());
        var text = ComparisonTable.Render(report);
        Assert.Contains("other's under base   1.284 [1.284, 1.284]", text, StringComparison.Ordinal);
        // Of two problems that agree 1 - 0.025^(1/2) may be otherwise.
        Assert.Contains("0.0% [0.0, 84.2] of base's own are likelier", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_scores_are_missing_it_names_the_command_that_makes_them()
    {
        ProblemLikelihoods Partly(ProblemLikelihoods problem) =>
            problem with { Samples = [problem.Samples[0], problem.Samples[1] with { Scored = null }] };
        var report = ComparisonReport.Of(Base, Other with { Likelihoods = [.. Other.Likelihoods!.Select(Partly)] });
        Assert.Null(report.Perplexity);
        Assert.Equal(new ScoreGap(2, "runs/rl.passatk", "models/base"), report.ScoreGap);
        Assert.Contains("passatk score runs/rl.passatk --model models/base\n", ComparisonTable.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_from_elsewhere_say_nothing_of_perplexity()
    {
        var report = ComparisonReport.Of(new RunOutcome("base", Base.Problems), Other);
        Assert.Null(report.Perplexity);
        Assert.Null(report.ScoreGap);
        Assert.DoesNotContain("perplexity", ComparisonTable.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_that_are_not_common_do_not_count()
    {
        var more = Other with
        {
            Problems = [.. Other.Problems, new ProblemCounts("alone", 2, 0)],
            Likelihoods = [.. Other.Likelihoods!, new ProblemLikelihoods("alone", [new(1, false, -9, null), new(1, false, -9, null)])],
        };
        Assert.Equal(
            ComparisonReport.Of(Base, Other).Perplexity!.All.OtherUnderBase.Mean,
            ComparisonReport.Of(Base, more).Perplexity!.All.OtherUnderBase.Mean);
    }

    [Fact]
    public void What_cannot_be_is_told_as_infinite_with_its_reason()
    {
        ProblemLikelihoods[] problems = [new("a", [new(2, null, -1, double.NegativeInfinity), new(2, null, -1, -1)])];
        var report = ScoreReport.Of("run", new Scorer("f00d", "cpu", "models/base"), 2, problems);
        Assert.Null(report.Correct);
        Assert.Null(report.Wrong);
        Assert.Contains("model     infinite (1 sample with a token it gives no probability)", report.ToText(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("all").GetProperty("scorer").GetProperty("mean").ValueKind);
        Assert.Equal(1, json.RootElement.GetProperty("all").GetProperty("scorer").GetProperty("impossible").GetInt32());
    }

    /// <summary>Two problems of two samples of ten tokens, with these nats a token under their own model.</summary>
    private static RunOutcome Outcome(string name, double? scored, double[] nats, int correct) =>
        new(name, [new ProblemCounts("p0", 2, correct), new ProblemCounts("p1", 2, correct)])
        {
            Source = new RunSource($"runs/{name}.passatk", $"models/{name}", name),
            Likelihoods =
            [
                .. new[] { "p0", "p1" }.Select(id => new ProblemLikelihoods(id, [
                    .. nats.Select((own, index) => new SampleLikelihood(10, index < correct, -10 * own, -10 * scored)),
                ])),
            ],
        };
}
