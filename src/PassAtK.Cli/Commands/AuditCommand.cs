using System.CommandLine;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
using PassAtK.Engine.Checkpoints;
using PassAtK.Evaluation.Auditing;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk audit`: what in a run deserves a look before its numbers are believed.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var command = new Command("audit", "Look for faults: disagreeing graders, missed answers, cut samples, doubtful golds, duplicates");
        var run = new Argument<string>("RUN") { Description = "The run" };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts to audit [default: the run's grader]" };
        var against = new Option<string[]>("--against")
        {
            Description = "Another grader that judged the run, NAME or NAME@VERSION; may be repeated [default: all]",
        };
        var model = new Option<string?>("--model")
        {
            Description = "Folder whose config.json names the end-of-sequence tokens [default: the run's model, where its folder is there]",
        };
        var examples = new Option<int>("--examples") { Description = "Most examples of a kind", DefaultValueFactory = _ => 5 };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        command.Arguments.Add(run);
        foreach (var option in new Option[] { grader, against, model, examples, json })
            command.Options.Add(option);
        CommandRunner.SetAction(command, (arguments, cancellation) =>
        {
            var most = arguments.GetValue(examples);
            if (most < 0)
                throw new UsageException($"--examples is {most}, expected 0 or more.");
            var path = RunPath.Required(arguments.GetValue(run)!);
            using var reader = RunReader.Open(path);
            using var snapshot = reader.Snapshot();
            var audited = RunFiles.GraderOf(reader, arguments.GetValue(grader))
                ?? throw new InputException($"{path}: {StoredOutcome.Ungraded}.");
            var report = RunAudit.Of(
                Path.GetFileNameWithoutExtension(path), reader, audited, Others(reader, audited, arguments.GetValue(against) ?? []),
                EndOfSequence(arguments.GetValue(model), reader.Settings().ModelPath), most, cancellation);
            Terminal.Out.Write(arguments.GetValue(json) ? report.ToJson() + "\n" : AuditTable.Render(report));
            return ExitCode.Done;
        });
        return command;
    }

    private static (string Name, int Version)[] Others(RunReader reader, (string Name, int Version) audited, string[] named)
    {
        var known = reader.Graders();
        if (named.Length == 0)
            return [.. known.Where(grader => grader != audited)];
        var others = named.Select(Find).Distinct().ToArray();
        return others.Contains(audited)
            ? throw new InputException(
                $"--against names {audited.Name} {audited.Version}, whose verdicts are audited; expected another grader or version.")
            : others;

        (string Name, int Version) Find(string text)
        {
            var at = text.LastIndexOf('@');
            var matches = known
                .Where(grader => at < 0 ? grader.Name == text && grader != audited : Named(grader) == text).ToArray();
            return matches.Length > 0
                ? matches[^1]
                : throw new InputException(
                    $"--against is '{text}', but {reader.Path} has verdicts of {string.Join(", ", known.Select(Named))} alone; "
                    + "use `passatk grade` first.");
        }

        static string Named((string Name, int Version) grader) => $"{grader.Name}@{grader.Version}";
    }

    /// <summary>Null where no folder is named and the run's own is not there or not a model's any more.</summary>
    private static IReadOnlyList<int>? EndOfSequence(string? folder, string sampledFrom)
    {
        if (folder is not null)
            return ModelConfigReader.Read(folder).EndOfSequenceTokens;
        if (!File.Exists(Path.Combine(sampledFrom, ModelConfigReader.ConfigName)))
            return null;
        try
        {
            return ModelConfigReader.Read(sampledFrom).EndOfSequenceTokens;
        }
        catch (InputException)
        {
            return null;
        }
    }
}
