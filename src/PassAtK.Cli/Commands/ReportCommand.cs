using System.CommandLine;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk report`: pass@k of one run with intervals.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var command = new Command("report", "pass@k with intervals, sharing and truncation of a run");
        var run = new Argument<string>("RUN") { Description = "A run, or a JSONL of {\"id\",\"n\",\"c\"} counts" };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts count [default: the run's grader]" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        command.Arguments.Add(run);
        command.Options.Add(grader);
        command.Options.Add(json);
        var output = new ReportOutputOptions();
        output.AddTo(command);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            using var opened = new OpenedRun(arguments.GetValue(run)!, arguments.GetValue(grader));
            var report = RunReport.Of(opened.Outcome);
            output.Write(arguments, () => ReportFigures.Of(report, opened.Run), limits => HtmlReport.Render(report, opened.Page, limits));
            Print(report, arguments.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    public static void Print(RunReport report, bool json) => Terminal.Out.Write(json ? report.ToJson() + "\n" : ReportPage.Render(report));
}
