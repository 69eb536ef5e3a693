using System.CommandLine;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk compare`: two runs over the same problems, paired, or several against the first.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var command = new Command("compare", "Compare runs with the first, paired: crossover, solvable sets, sampling-efficiency gap");
        var first = new Argument<string>("BASE") { Description = "The base model's run, or a JSONL of {\"id\",\"n\",\"c\"} counts" };
        var others = new Argument<string[]>("OTHER")
        {
            Description = "The other's; several, such as checkpoints, are each compared with the first",
            Arity = ArgumentArity.OneOrMore,
        };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts count [default: each run's grader]" };
        var ks = KOption.Create();
        var measures = KOption.Measures();
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var forecast = ForecastOption.Create();
        command.Arguments.Add(first);
        command.Arguments.Add(others);
        command.Options.Add(grader);
        command.Options.Add(ks);
        command.Options.Add(measures);
        command.Options.Add(json);
        command.Options.Add(forecast);
        var output = new ReportOutputOptions();
        output.AddTo(command);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            output.Check(arguments);
            string[] paths = [.. arguments.GetValue(others)!.Prepend(arguments.GetValue(first)!).Select(RunPath.Existing)];
            var choices = new Choices(
                arguments.GetValue(grader), KOption.Values(arguments, ks), OptionValues.AtLeastOne(arguments, forecast),
                arguments.GetValue(json), arguments.GetValue(measures));
            if (paths.Length == 2)
                ComparePair(paths[0], paths[1], choices, output, arguments);
            else
                CompareSeries(paths, choices, output, arguments);
            return ExitCode.Done;
        });
        return command;
    }

    private sealed record Choices(string? Grader, IReadOnlyList<int>? Ks, int? ForecastTo, bool Json, bool Measures);

    private static void ComparePair(string basePath, string otherPath, Choices choices, ReportOutputOptions output, ParseResult arguments)
    {
        using var runs = OpenedRuns.Of([basePath, otherPath], choices.Grader);
        var (left, right) = (runs.All[0], runs.All[1]);
        var report = ComparisonReport.Of(left.Outcome, right.Outcome, ladder: new(choices.Ks), forecastTo: choices.ForecastTo);
        var differences = ComparableRuns.Differences(basePath, otherPath);
        foreach (var difference in differences)
            Terminal.Note(difference);
        output.Write(
            arguments, () => ReportFigures.Of(report, left.Run, right.Run),
            limits => HtmlReport.Render(report, left.Page, right.Page, differences, limits));
        Terminal.Out.Write(choices.Json ? report.ToJson() + "\n" : ReportPage.Render(report, choices.Measures));
    }

    private static void CompareSeries(string[] paths, Choices choices, ReportOutputOptions output, ParseResult arguments)
    {
        if (paths.Length > SeriesReport.MostRuns)
            throw new UsageException($"{paths.Length} runs are to be compared, expected 2 to {SeriesReport.MostRuns}.");
        if (choices.ForecastTo is not null)
            throw new UsageException("--forecast compares two runs, not more.");
        using var runs = OpenedRuns.Of(paths, choices.Grader);
        var report = SeriesReport.Of([.. runs.All.Select(run => run.Outcome)], ks: choices.Ks);
        string[] differences =
        [
            .. paths.Skip(1).SelectMany(
                other => ComparableRuns.Differences(paths[0], other).Select(difference => $"{other}: {difference}")),
        ];
        foreach (var difference in differences)
            Terminal.Note(difference);
        output.Write(
            arguments, () => SeriesFigures.Of(report, [.. runs.All.Select(run => run.Run)]),
            limits => HtmlReport.Render(report, [.. runs.All.Select(run => run.Page)], differences, limits));
        Terminal.Out.Write(choices.Json ? report.ToJson() + "\n" : ReportPage.Render(report, choices.Measures));
    }
}
