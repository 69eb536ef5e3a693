using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;

namespace PassAtK.Evaluation.Tests.Estimation;

public sealed class MajorityCurveTests
{
    private static readonly BootstrapSettings Few = new() { Resamples = 400 };

    [Fact]
    public void At_k_1_estimate_and_interval_are_those_of_pass_at_1()
    {
        var run = Run("run", 21, 40);
        var report = RunReport.Of(run, Few);
        Assert.Equal(report.PassAtK.Select(point => point.K), report.MajAtK!.Select(point => point.K));
        Assert.Equal(report.PassAtK[0].Estimate, report.MajAtK![0].Estimate, 1e-12);
        Assert.Equal(report.PassAtK[0].Low, report.MajAtK[0].Low, 1e-12);
        Assert.Equal(report.PassAtK[0].High, report.MajAtK[0].High, 1e-12);
        Assert.All(report.MajAtK.Zip(report.PassAtK), pair => Assert.True(pair.First.Estimate <= pair.Second.Estimate + 1e-12));
    }

    [Fact]
    public void Neither_the_order_of_problems_nor_their_names_nor_threads_move_a_bit()
    {
        var run = Run("run", 22, 30);
        var expected = RunReport.Of(run, Few).MajAtK;
        string Renamed(string id) => $"z{1000 - int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)}";
        var other = run with
        {
            Problems = [.. run.Problems.Reverse()
                .Select(problem => new ProblemCounts(Renamed(problem.Id), problem.Samples, problem.Correct))],
            Answers = [.. run.Answers!.Select(answers => new ProblemAnswers(Renamed(answers.Id), answers.Classes, answers.WithoutAnswer))],
        };
        Assert.Equal(expected, RunReport.Of(other, Few with { Threads = 1 }).MajAtK);
    }

    [Fact]
    public void A_comparison_pairs_the_problems_and_its_difference_is_other_less_base()
    {
        var (left, right) = (Run("base", 23, 25), Run("other", 24, 25));
        var majority = ComparisonReport.Of(left, right, Few).MajAtK!;
        var mirrored = ComparisonReport.Of(right, left, Few).MajAtK!;
        Assert.Equal(RunReport.Of(left, Few).MajAtK![1].Estimate, majority.Base[1].Estimate, 1e-12);
        Assert.All(majority.Difference.Index(), at =>
        {
            Assert.Equal(majority.Other[at.Index].Estimate - majority.Base[at.Index].Estimate, at.Item.Estimate, 1e-12);
            Assert.Equal(-mirrored.Difference[at.Index].Estimate, at.Item.Estimate, 1e-12);
        });
        var same = ComparisonReport.Of(left, left, Few).MajAtK!;
        // 25 problems that agree allow a share of 1 - 0.025^(1/25) of others that do not.
        var others = 1 - Math.Pow(0.025, 1.0 / 25);
        Assert.All(same.Difference, point =>
        {
            Assert.Equal(0, point.Estimate);
            Assert.Equal((-others, others), (point.Low, point.High));
        });
    }

    [Fact]
    public void There_is_no_vote_over_ways_or_programs_and_the_text_then_has_no_table_of_it()
    {
        var run = Run("run", 25, 5);
        // With chance the table of pass@k is as wide as it gets.
        var table = ReportTable.Render(RunReport.Of(run with { Chance = run.Problems.ToDictionary(problem => problem.Id, _ => 0.2) }, Few));
        Assert.Contains("above", table, StringComparison.Ordinal);
        Assert.Contains("\n k  maj@k\n", table, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 80));
        Assert.Contains("\n maj@k ", ComparisonTable.Render(ComparisonReport.Of(run, run, Few)), StringComparison.Ordinal);

        var ways = RunReport.Of(run with { AnswersVote = false }, Few);
        Assert.Null(ways.MajAtK);
        Assert.DoesNotContain("maj@k", ReportTable.Render(ways), StringComparison.Ordinal);
        Assert.Null(ComparisonReport.Of(run, run with { AnswersVote = false }, Few).MajAtK);
    }

    [Fact]
    public void Answers_that_contradict_the_counts_are_refused()
    {
        var run = Run("run", 26, 3);
        var missing = Assert.Throws<InputException>(() => RunReport.Of(run with { Answers = [.. run.Answers!.Skip(1)] }, Few));
        Assert.Equal("problem '0' has counts but no answers, expected both.", missing.Message);
        var (id, samples, correct) = (run.Problems[0].Id, run.Problems[0].Samples, run.Problems[0].Correct);
        var wrong = Assert.Throws<InputException>(() =>
            RunReport.Of(run with { Problems = [new ProblemCounts(id, samples + 1, correct), .. run.Problems.Skip(1)] }, Few));
        Assert.Equal(
            $"problem '0' has {correct} of {samples + 1} samples correct, but its answers make {correct} of {samples}.", wrong.Message);
    }

    private static RunOutcome Run(string name, int seed, int problems)
    {
        var random = new Random(seed);
        ProblemAnswers[] answers =
        [
            .. Enumerable.Range(0, problems).Select(id => new ProblemAnswers(
                $"{id}",
                [
                    .. Enumerable.Range(0, random.Next(1, 6))
                        .Select(at => new AnswerClass($"{at}", random.Next(4, 12), at == 0 && random.Next(2) == 0)),
                ],
                random.Next(4))),
        ];
        return new RunOutcome(name, [.. answers.Select(problem => new ProblemCounts(problem.Id, problem.Samples, problem.Correct))])
        {
            Answers = answers,
            AnswersVote = true,
        };
    }
}
