using System.CommandLine;
using PassAtK.Cli.Options;
using PassAtK.Cli.Sessions;
using PassAtK.Evaluation.Reports;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk run`: sample and grade; the same command resumes, more samples or problems extend.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Sample and grade a task; run it again to resume, with more samples or problems to extend");
        var model = new ModelOptions();
        var task = new Option<string>("--task") { Description = "code:FILE, countdown:FILE, gsm8k:FILE, humaneval:FILE, math:FILE, mbpp:FILE or a JSONL file", Required = true };
        var samples = new Option<int>("--samples", "-n") { Description = "Samples of each problem", Required = true };
        var output = new Option<string?>("--out") { Description = "The run's file [default: runs/MODEL-TASK.passatk]" };
        var limit = new Option<int?>("--limit") { Description = "The first so many problems" };
        var grader = new Option<string?>("--grader") { Description = "Grader [default: the task's]" };
        var json = new Option<bool>("--json") { Description = "Print the report as one JSON document" };
        var adaptive = new AdaptiveOptions();
        var sampling = new SamplingOptions();
        var backend = new BackendOptions();
        model.AddTo(command);
        Option[] options = [task, samples, output, limit, grader, json];
        foreach (var option in options)
            command.Options.Add(option);
        adaptive.AddTo(command);
        sampling.AddTo(command);
        backend.AddTo(command);
        CommandRunner.SetAction(command, (arguments, cancellation) => backend.Run(arguments, device =>
        {
            var folder = model.Folder(arguments);
            var spec = arguments.GetValue(task)!;
            var path = arguments.GetValue(output) is { } named ? RunPath.Named(named) : RunPath.Default(folder, spec);
            var most = OptionValues.AtLeastOne(arguments, samples);
            var completed = EvaluationRun.Execute(
                new EvaluationRequest
                {
                    Model = folder,
                    Template = model.Template(arguments),
                    Task = spec,
                    Samples = most,
                    Adaptive = adaptive.Read(arguments, most),
                    Out = path,
                    Limit = OptionValues.AtLeastOne(arguments, limit),
                    Grader = arguments.GetValue(grader),
                    Sampling = sampling.Read(arguments),
                    Backend = device,
                    Title = Path.GetFileNameWithoutExtension(path),
                    Quiet = arguments.GetValue(QuietOption.Instance),
                },
                cancellation);
            if (!completed)
            {
                Terminal.Note($"Stopped; every finished sample is in {path}. Run the same command again to go on.");
                return ExitCode.Cancelled;
            }
            var report = RunReport.Of(RunFiles.ReadOutcome(path, new(arguments.GetValue(grader))));
            ReportCommand.Print(report, arguments.GetValue(json));
            if (report.Adaptive is { } reached && (reached.Width ?? double.PositiveInfinity) > reached.TargetWidth)
                Terminal.Note($"Stopped at --samples {most}, the most of a problem, before the interval was as narrow as wanted; a larger one goes on.");
            Terminal.Note($"Stored in {path}.");
            return ExitCode.Done;
        }));
        return command;
    }
}
