using System.CommandLine;
using PassAtK.Cli.Sessions;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk export`: every sample of a run, ordered by problem and index, as JSON lines or Parquet.</summary>
internal static class ExportCommand
{
    private const string JsonLines = "jsonl";
    private const string Parquet = "parquet";

    public static Command Create()
    {
        var command = new Command("export", "Every sample in a fixed order, as JSON lines or Parquet");
        var run = new Argument<string>("RUN") { Description = "The run" };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts to export [default: the run's grader]" };
        var problem = new Option<string?>("--problem") { Description = "The id of the only problem to export [default: all]" };
        var file = new Option<string?>("--out") { Description = "File to write [default: standard output; Parquet needs a file]" };
        var format = new Option<string>("--format")
        {
            Description = "Parquet is for pandas and its like",
            DefaultValueFactory = _ => JsonLines,
        }.AcceptOnlyFromAmong(JsonLines, Parquet);
        command.Arguments.Add(run);
        Option[] options = [format, file, problem, grader];
        foreach (var option in options)
            command.Options.Add(option);
        CommandRunner.SetAction(command, (arguments, cancellation) =>
        {
            var (isParquet, target) = (arguments.GetValue(format) == Parquet, arguments.GetValue(file));
            if (isParquet && target is null)
                throw new UsageException("--format parquet needs --out FILE: the end of such a file tells where its parts are.");
            if (target is not null)
                OutputFile.Require(file.Name, target);
            var path = RunPath.Required(arguments.GetValue(run)!);
            using var reader = RunReader.Open(path);
            var verdicts = RunFiles.GraderOf(reader, arguments.GetValue(grader));
            if (target is null)
                Write(target, Export);
            else
                OutputFile.Write(file.Name, target, () => Write(target, Export));
            return ExitCode.Done;

            void Export(Stream output)
            {
                if (isParquet)
                    ParquetExport.Write(reader, verdicts, output, arguments.GetValue(problem), cancellation);
                else
                    RunExport.Write(reader, verdicts, output, arguments.GetValue(problem), cancellation);
            }
        });
        return command;
    }

    // A file appears when it is whole: what a failure or Ctrl-C leaves half done never looks finished.
    private static void Write(string? target, Action<Stream> write)
    {
        if (target is null)
        {
            using var output = new BufferedStream(Terminal.OpenOut(), 1 << 16);
            write(output);
            return;
        }
        var partial = target + ".partial";
        try
        {
            using (var output = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
                write(output);
            File.Move(partial, target, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
