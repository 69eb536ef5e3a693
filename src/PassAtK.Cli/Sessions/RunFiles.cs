using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Cli.Sessions;

/// <summary>Reads what `report` and `compare` take: a run, or a JSONL of `{"id","n","c"}` counts from any other tool.</summary>
internal static class RunFiles
{
    private static readonly byte[] SqliteMagic = "SQLite format 3\0"u8.ToArray();

    /// <param name="path">A run store or a file of counts.</param>
    /// <param name="selection">What of it counts.</param>
    /// <exception cref="InputException">The file is neither, or nothing in it is graded.</exception>
    public static RunOutcome ReadOutcome(string path, OutcomeSelection selection)
    {
        path = RunPath.Required(path, "a run or a JSONL of counts");
        if (!IsRun(path))
        {
            return selection.Grader is null
                ? FromCounts(Path.GetFileNameWithoutExtension(path), CountsFile.Read(path), selection.First)
                : throw new InputException($"--grader is '{selection.Grader}', but {path} holds counts, which are graded already.");
        }
        using var reader = RunReader.Open(path);
        // One moment of a run that may be going on.
        using var snapshot = reader.Snapshot();
        return StoredOutcome.Read(reader, selection);
    }

    /// <summary>
    /// The newest version of the named grader; without a name, of the task's own or of the only one that graded the run. Null where
    /// nothing is graded.
    /// </summary>
    /// <exception cref="InputException">The named grader has not graded the run, or several others have and none is named.</exception>
    public static (string Name, int Version)? GraderOf(RunReader reader, string? name)
    {
        var graders = reader.Graders();
        if (graders.Count == 0 && name is null)
            return null;
        var names = graders.Select(grader => grader.Name).Distinct().ToArray();
        name ??= names.Length == 1 ? names[0] : TaskSpec.Parse(reader.Settings().TaskSpec).DefaultGrader;
        if (name is null || !names.Contains(name))
        {
            throw new InputException(name is null
                ? $"{reader.Path}: graded by {string.Join(" and ", names)}; choose one with --grader."
                : $"{reader.Path}: grader '{name}' has not graded this run; use `passatk grade` first.");
        }
        return reader.Newest(name);
    }

    /// <summary>Fingerprint of the model that drew a run's samples; null for a file of counts.</summary>
    public static string? ModelOf(string path)
    {
        if (!File.Exists(path) || !IsRun(path))
            return null;
        using var reader = RunReader.Open(path);
        return reader.Settings().ModelFingerprint;
    }

    /// <summary>Whether a file is a run; a JSONL of counts is none.</summary>
    public static bool IsRun(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[SqliteMagic.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(SqliteMagic);
    }

    private static RunOutcome FromCounts(string name, IReadOnlyList<ProblemCounts> counts, int? first) => first is { } kept
        ? new RunOutcome(name, [.. counts.Select(problem => HiddenSamples.Keep(problem, kept))]) { Whole = counts }
        : new RunOutcome(name, counts);
}
