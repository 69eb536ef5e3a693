using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using PassAtK.Cli.Options;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk grade`: grade a run again without sampling, or grade lines of gold and prediction.</summary>
internal static class GradeCommand
{
    /// <summary>More than processors: a program in its sandbox spends part of its time on waiting.</summary>
    private static readonly int Workers = 2 * Environment.ProcessorCount;

    public static Command Create()
    {
        var command = new Command("grade", "Grade a run again without sampling, or a JSONL of {\"gold\",\"pred\"} cases");
        var run = new Argument<string?>("RUN") { Description = "The run", Arity = ArgumentArity.ZeroOrOne };
        var grader = new Option<string?>("--grader")
        {
            Description = $"One of {string.Join(", ", Graders.Names)} [default: the run's grader]",
        };
        var cases = new Option<string?>("--cases")
        {
            Description = "A JSONL of cases instead of a run; prints {\"index\",\"correct\",\"extracted\"} lines",
        };
        var json = new Option<bool>("--json") { Description = "Print the report, or all cases with their count, as one JSON document" };
        command.Arguments.Add(run);
        command.Options.Add(grader);
        command.Options.Add(cases);
        command.Options.Add(json);
        CommandRunner.SetAction(command, (arguments, cancellation) =>
        {
            var name = arguments.GetValue(grader);
            switch (arguments.GetValue(run), arguments.GetValue(cases))
            {
                case ({ } path, null):
                    GradeRun(path, name, cancellation);
                    ReportCommand.Print(RunReport.Of(RunFiles.ReadOutcome(path, new(name))), arguments.GetValue(json));
                    break;
                case (null, { } file):
                    GradeCases(file, name ?? throw new UsageException("--cases needs --grader."), arguments.GetValue(json), cancellation);
                    break;
                default:
                    throw new UsageException("Either RUN or --cases FILE is expected, and not both.");
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static void GradeRun(string path, string? name, CancellationToken cancellation)
    {
        path = RunPath.Required(path);
        using var store = RunStore.OpenExisting(path);
        var isGiven = name is not null;
        string? own;
        using (var reader = RunReader.Open(path))
        {
            name ??= RunFiles.GraderOf(reader, null)?.Name
                ?? throw new InputException(
                    $"{path}: no sample is graded yet; run the command that made it again to finish it, or name a grader with --grader.");
            own = TaskSpec.Parse(reader.Settings().TaskSpec).DefaultGrader;
        }
        using var grader = isGiven ? OptionValues.Checked(() => Graders.Get(name)) : Graders.Get(name);
        Graders.RequireFit(name, own);
        var graded = Regrading.Grade(store, grader, Workers, cancellation: cancellation);
        cancellation.ThrowIfCancellationRequested();
        Terminal.Note($"Graded {graded} distinct completions by '{name}'.");
    }

    private static void GradeCases(string file, string name, bool asDocument, CancellationToken cancellation)
    {
        using var grader = OptionValues.Checked(() => Graders.Get(name));
        using var output = new BufferedStream(Terminal.OpenOut(), 1 << 16);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        if (asDocument)
        {
            json.WriteStartObject();
            json.WriteString("grader", grader.Name);
            json.WriteNumber("version", grader.Version);
            json.WriteStartArray("cases");
        }
        var (all, correct) = (0, 0);
        var results = GraderCases.Grade(file, grader, Workers);
        // A document appears whole or not at all, lines as they come.
        foreach (var result in asDocument ? [.. results] : results)
        {
            cancellation.ThrowIfCancellationRequested();
            (all, correct) = (all + 1, correct + (result.Correct ? 1 : 0));
            json.WriteStartObject();
            json.WriteNumber("index", result.Index);
            json.WriteBoolean("correct", result.Correct);
            json.WriteString("extracted", result.Extracted);
            json.WriteEndObject();
            if (asDocument)
                continue;
            json.Flush();
            output.WriteByte((byte)'\n');
            json.Reset();
        }
        if (!asDocument)
            return;
        json.WriteEndArray();
        json.WriteNumber("n", all);
        json.WriteNumber("c", correct);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
