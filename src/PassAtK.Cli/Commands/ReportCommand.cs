using System.CommandLine;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Evaluation.Reports;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk report`: pass@k of one run with intervals.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var command = new Command("report", "pass@k with intervals, sharing and truncation of a run");
        var run = new Argument<string>("RUN") { Description = "A run, or a JSONL of {\"id\",\"n\",\"c\"} counts" };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts count [default: the run's grader]" };
        var measures = KOption.Measures();
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var ks = KOption.Create();
        command.Arguments.Add(run);
        command.Options.Add(grader);
        command.Options.Add(ks);
        command.Options.Add(measures);
        command.Options.Add(json);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            var outcome = RunFiles.ReadOutcome(arguments.GetValue(run)!, arguments.GetValue(grader));
            Print(RunReport.Of(outcome, ks: KOption.Values(arguments, ks)), arguments.GetValue(json), arguments.GetValue(measures));
            return ExitCode.Done;
        });
        return command;
    }

    public static void Print(RunReport report, bool json, bool measures = false) =>
        Terminal.Out.Write(json ? report.ToJson() + "\n" : ReportPage.Render(report, measures));
}
