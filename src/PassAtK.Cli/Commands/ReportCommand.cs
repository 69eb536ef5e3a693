using System.CommandLine;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
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
        var measures = KOption.Measures();
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var ks = KOption.Create();
        var forecast = ForecastOption.Create();
        var first = new Option<int?>("--from-samples")
        {
            Description = "Use the first so many samples of each problem; a forecast is then compared with what all of them show",
            HelpName = "M",
        };
        command.Arguments.Add(run);
        command.Options.Add(grader);
        command.Options.Add(ks);
        command.Options.Add(measures);
        command.Options.Add(json);
        command.Options.Add(forecast);
        command.Options.Add(first);
        var output = new ReportOutputOptions();
        output.AddTo(command);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            output.Check(arguments);
            var kept = OptionValues.AtLeastOne(arguments, first);
            using var opened = new OpenedRun(arguments.GetValue(run)!, new(arguments.GetValue(grader)) { First = kept });
            if (opened.Outcome.Whole?.Max(problem => problem.Samples) is { } most && kept > most)
                throw new InputException($"{first.Name} is {kept}, but no problem of {opened.Run.Path} has more than {most} samples.");
            var report = RunReport.Of(
                opened.Outcome, ks: KOption.Values(arguments, ks), forecastTo: OptionValues.AtLeastOne(arguments, forecast));
            output.Write(arguments, () => ReportFigures.Of(report, opened.Run), limits => HtmlReport.Render(report, opened.Page, limits));
            Print(report, arguments.GetValue(json), arguments.GetValue(measures));
            return ExitCode.Done;
        });
        return command;
    }

    public static void Print(RunReport report, bool json, bool measures = false) =>
        Terminal.Out.Write(json ? report.ToJson() + "\n" : ReportPage.Render(report, measures));
}
