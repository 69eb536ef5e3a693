using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;
using PassAtK.Evaluation.Tests.Storage;

namespace PassAtK.Evaluation.Tests.Reports.Html;

/// <summary>Runs whose every text tries to become markup or script.</summary>
internal static class HostileRun
{
    public const string Attack = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`&lt;<!--]]>\u2028";

    public const int Problems = 6;

    public const int Samples = 8;

    /// <summary>Writes a run: sample i of problem p is correct where i is below the p-th of <paramref name="correct"/>.</summary>
    public static void Write(string path, params int[] correct)
    {
        PreparedProblem[] problems = [.. Enumerable.Range(0, Problems).Select(i => new PreparedProblem(
            new Problem { Id = $"p{i} {Attack}", Prompt = $"Question {i}? {Attack}", Gold = $"gold-{i} {Attack}", Chance = i / 16.0, Raw = "{}" },
            $"User: Question {i}? {Attack}\nAssistant:", [i + 1]))];
        var settings = Runs.Settings() with { TaskDigest = TaskDigest.Of(problems.Select(problem => problem.Problem)), ModelPath = $"model {Attack}" };
        using var store = RunStore.CreateOrOpen(path, settings, problems);
        var completion = 0L;
        store.Write(() =>
        {
            for (var problem = 0; problem < Problems; problem++)
            {
                for (var sample = 0; sample < Samples; sample++)
                {
                    var isCorrect = sample < correct[problem];
                    store.AddSample(problem, new Completion(
                        problems[problem].Problem.Id, sample, [sample, 9], [-0.5f, -0.25f], [-0.5f, -0.25f], $"sample {sample} says {Attack}",
                        sample == 7 ? FinishReason.Length : FinishReason.Stop));
                    store.AddVerdict(
                        new ExactGrader(), ++completion, new Verdict(isCorrect, sample == 6 ? null : $"answer {sample / 2} {Attack}"));
                }
            }
        });
    }

    /// <summary>The page of a comparison of two such runs.</summary>
    public static string Compare(string basePath, string otherPath, PageLimits? limits = null)
    {
        using var left = RunReader.Open(basePath);
        using var right = RunReader.Open(otherPath);
        var (@base, other) = (Page(left, $"base {Attack}"), Page(right, $"other {Attack}"));
        return HtmlReport.Render(
            ComparisonReport.Of(@base.Run.Outcome, other.Run.Outcome), @base, other, [$"The runs differ in {Attack}."], limits);
    }

    /// <summary>The page of several such runs.</summary>
    public static string CompareAll(params string[] paths)
    {
        RunReader[] readers = [.. paths.Select(RunReader.Open)];
        try
        {
            PageRun[] runs = [.. readers.Select((reader, index) => Page(reader, $"run {index} {Attack}"))];
            var report = SeriesReport.Of([.. runs.Select(run => run.Run.Outcome)]);
            return HtmlReport.Render(report, runs, [$"run 2: The runs differ in {Attack}."]);
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }

    public static PageRun Page(RunReader reader, string name)
    {
        var grader = ("exact", 1);
        var problems = reader.Problems().Select(problem => problem.Problem).ToArray();
        var outcome = new RunOutcome(name, [.. reader.Tallies(grader).Select(tally =>
            new PassAtK.Evaluation.Estimation.ProblemCounts(problems[tally.Problem].Id, tally.Graded, tally.Correct))])
        {
            Chance = problems.Where(problem => problem.Chance is not null).ToDictionary(
                problem => problem.Id, problem => problem.Chance!.Value),
        };
        return new PageRun(
            new ReportedRun(outcome) { Path = reader.Path, Settings = reader.Settings(), Grader = grader, Sharing = reader.Statistics() },
            reader);
    }
}
