using System.CommandLine;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Evaluation.Reports;

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
        command.Arguments.Add(first);
        command.Arguments.Add(others);
        command.Options.Add(grader);
        command.Options.Add(ks);
        command.Options.Add(measures);
        command.Options.Add(json);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            string[] paths = [.. arguments.GetValue(others)!.Prepend(arguments.GetValue(first)!).Select(RunPath.Existing)];
            if (paths.Length > SeriesReport.MostRuns)
                throw new UsageException($"{paths.Length} runs are to be compared, expected 2 to {SeriesReport.MostRuns}.");
            RunOutcome[] runs = [.. paths.Select(path => RunFiles.ReadOutcome(path, arguments.GetValue(grader)))];
            var page = Page(runs, KOption.Values(arguments, ks), arguments.GetValue(json), arguments.GetValue(measures));
            foreach (var other in paths.Skip(1))
            {
                foreach (var difference in ComparableRuns.Differences(paths[0], other))
                    Terminal.Note(paths.Length == 2 ? difference : $"{other}: {difference}");
            }
            Terminal.Out.Write(page);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Page(RunOutcome[] runs, IReadOnlyList<int>? ks, bool json, bool measures)
    {
        if (runs.Length == 2)
        {
            var pair = ComparisonReport.Of(runs[0], runs[1], ladder: new(ks));
            return json ? pair.ToJson() + "\n" : ReportPage.Render(pair, measures);
        }
        if (measures && !json)
            throw new UsageException("--measures prints two runs; with more of them --json holds the measures.");
        var series = SeriesReport.Of(runs, ks: ks);
        return json ? series.ToJson() + "\n" : ReportPage.Render(series);
    }
}
