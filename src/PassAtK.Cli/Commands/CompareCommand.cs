using System.CommandLine;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk compare`: two runs over the same problems, paired.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var command = new Command("compare", "Compare two runs, paired: crossover, solvable sets, sampling-efficiency gap");
        var first = new Argument<string>("BASE") { Description = "The base model's run, or a JSONL of {\"id\",\"n\",\"c\"} counts" };
        var second = new Argument<string>("OTHER") { Description = "The other's" };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts count [default: each run's grader]" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var forecast = ForecastOption.Create();
        command.Arguments.Add(first);
        command.Arguments.Add(second);
        command.Options.Add(grader);
        command.Options.Add(json);
        command.Options.Add(forecast);
        var output = new ReportOutputOptions();
        output.AddTo(command);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            var name = arguments.GetValue(grader);
            var (basePath, otherPath) = (RunPath.Existing(arguments.GetValue(first)!), RunPath.Existing(arguments.GetValue(second)!));
            using var left = new OpenedRun(basePath, new(name));
            using var right = new OpenedRun(otherPath, new(name) { Scorer = left.Outcome.Source?.Fingerprint });
            var report = ComparisonReport.Of(left.Outcome, right.Outcome, forecastTo: OptionValues.AtLeastOne(arguments, forecast));
            var differences = ComparableRuns.Differences(basePath, otherPath);
            foreach (var difference in differences)
                Terminal.Note(difference);
            output.Write(
                arguments, () => ReportFigures.Of(report, left.Run, right.Run),
                limits => HtmlReport.Render(report, left.Page, right.Page, differences, limits));
            Terminal.Out.Write(arguments.GetValue(json) ? report.ToJson() + "\n" : ReportPage.Render(report));
            return ExitCode.Done;
        });
        return command;
    }
}
