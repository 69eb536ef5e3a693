using System.CommandLine;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk export`: every sample of a run as a JSON line, ordered by problem and index.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var command = new Command("export", "Print every sample as a JSON line, in a fixed order");
        var run = new Argument<string>("RUN") { Description = "The run" };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts to print [default: the run's grader]" };
        var problem = new Option<string?>("--problem") { Description = "The id of the only problem to print [default: all]" };
        command.Arguments.Add(run);
        command.Options.Add(grader);
        command.Options.Add(problem);
        CommandRunner.SetAction(command, (arguments, cancellation) =>
        {
            var path = RunPath.Existing(arguments.GetValue(run)!);
            if (!File.Exists(path))
                throw new InputException($"{path}: there is no such file, expected a run.");
            using var reader = RunReader.Open(path);
            using var output = new BufferedStream(Terminal.OpenOut(), 1 << 16);
            RunExport.Write(reader, RunFiles.GraderOf(reader, arguments.GetValue(grader)), output, arguments.GetValue(problem), cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
