using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
using PassAtK.Engine.Sampling;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk demo`: samples the shipped base and RL model and compares them, offline.</summary>
internal static class DemoCommand
{
    private const int DefaultSamples = 256;

    private static readonly string DefaultHtml = Path.Combine("runs", "demo.html");

    private static readonly string[] Models = ["base", "rl"];

    public static Command Create()
    {
        var command = new Command("demo", "Sample the shipped base and RL model and compare their pass@k curves, offline");
        var samples = new Option<int>("--samples", "-n") { Description = "Samples of each problem", DefaultValueFactory = _ => DefaultSamples };
        var limit = new Option<int?>("--limit") { Description = "The first so many problems [default: all]" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of all random streams" };
        var json = new Option<bool>("--json") { Description = "Print the comparison as one JSON document" };
        var backend = new BackendOptions();
        Option[] options = [samples, limit, seed, json];
        foreach (var option in options)
            command.Options.Add(option);
        backend.AddTo(command);
        var output = new ReportOutputOptions();
        output.AddTo(command);
        CommandRunner.SetAction(command, (arguments, cancellation) => backend.Run(arguments, device =>
        {
            output.Check(arguments, hasPage: true);
            var models = ShippedModels.Find();
            var request = new EvaluationRequest
            {
                Model = "",
                Template = "plain",
                Task = $"countdown:{Path.Combine(models, "countdown_problems.jsonl")}",
                Samples = OptionValues.AtLeastOne(arguments, samples),
                Out = "",
                Limit = OptionValues.AtLeastOne(arguments, limit),
                // Temperature 1 and the whole distribution: nothing but the model decides what it can reach.
                Sampling = new SamplingSettings(new SamplingParameters { Temperature = 1, TopP = 1 }, null, arguments.GetValue(seed), []),
                Backend = device,
                Title = "",
                Quiet = arguments.GetValue(QuietOption.Instance),
            };
            foreach (var name in Models)
            {
                var path = RunOf(name);
                var clock = Stopwatch.StartNew();
                var one = request with { Model = Path.Combine(models, $"countdown-{name}"), Out = path, Title = $"countdown-{name}" };
                if (!EvaluationRun.Execute(one, cancellation))
                {
                    Terminal.Note($"Stopped; every finished sample is in {path}. Run the same command again to go on.");
                    return ExitCode.Cancelled;
                }
                Terminal.Note(string.Create(
                    CultureInfo.InvariantCulture, $"countdown-{name}: stored in {path} ({clock.Elapsed.TotalSeconds:0.0} s)"));
            }
            using var runs = OpenedRuns.Of(
                [.. Models.Select(RunOf)], grader: null, names: [.. Models.Select(model => $"countdown-{model}")]);
            var (left, right) = (runs.All[0], runs.All[1]);
            var report = ComparisonReport.Of(left.Outcome, right.Outcome);
            output.Write(
                arguments, () => ReportFigures.Of(report, left.Run, right.Run),
                limits => HtmlReport.Render(report, left.Page, right.Page, [], limits), DefaultHtml);
            var html = output.Html(arguments) ?? DefaultHtml;
            Terminal.Out.WriteLine(arguments.GetValue(json) ? report.ToJson() : Page(report, [left.Outcome, right.Outcome], html));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string RunOf(string model) => RunPath.InRuns($"demo-{model}");

    private static string Page(ComparisonReport report, RunOutcome[] runs, string html)
    {
        var lines = new List<string> { "", ReportPage.Render(report).TrimEnd('\n') };
        foreach (var run in runs)
        {
            if (run.Sharing is { } sharing)
            {
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"sharing    {run.Name}: {sharing.SampledTokens} sampled tokens from {sharing.ComputedRows} computed rows, " +
                    $"{(double)sharing.SampledTokens / sharing.ComputedRows:0.0} tokens a row"));
            }
        }
        lines.Add("");
        lines.Add("Temperature 1, top-p 1: nothing but the model decides. The table covers all that the two runs hold.");
        lines.Add($"The same as a page, with every problem and sample to look into: {html}");
        lines.Add("Next, for example:");
        lines.Add("  passatk report runs/demo-base.passatk");
        lines.Add("  passatk export runs/demo-rl.passatk | head -n 3");
        return string.Join('\n', lines);
    }
}

/// <summary>The folder of the models that ship with the product.</summary>
internal static class ShippedModels
{
    /// <summary>`models` beside the program, or in a folder above it or above the current one (a clone of the repository).</summary>
    /// <exception cref="InputException">It is nowhere.</exception>
    public static string Find()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var models = Path.Combine(folder.FullName, "models");
                if (File.Exists(Path.Combine(models, "countdown_problems.jsonl")))
                    return models;
            }
        }
        throw new InputException($"The shipped models are missing: no folder 'models' with countdown_problems.jsonl beside {AppContext.BaseDirectory} or above.");
    }
}
