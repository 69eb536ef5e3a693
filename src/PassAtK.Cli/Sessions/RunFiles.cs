using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Cli.Sessions;

/// <summary>Reads what `report` and `compare` take: a run, or a JSONL of `{"id","n","c"}` counts from any other tool.</summary>
internal static class RunFiles
{
    private static readonly byte[] SqliteMagic = "SQLite format 3\0"u8.ToArray();

    /// <param name="path">A run store or a file of counts.</param>
    /// <param name="grader">Whose verdicts count; null for the run's own grader.</param>
    /// <exception cref="InputException">The file is neither, or nothing in it is graded.</exception>
    public static RunOutcome ReadOutcome(string path, string? grader)
    {
        path = RunPath.Existing(path);
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such file, expected a run or a JSONL of counts.");
        var name = Path.GetFileNameWithoutExtension(path);
        if (!IsRun(path))
        {
            return grader is null
                ? new RunOutcome(name, CountsFile.Read(path))
                : throw new InputException($"--grader is '{grader}', but {path} holds counts, which are graded already.");
        }
        using var reader = RunReader.Open(path);
        // One moment of a run that may be going on.
        using var snapshot = reader.Snapshot();
        return Outcome(name, reader, GraderOf(reader, grader) ?? throw new InputException($"{path}: no sample is graded yet; run `passatk grade`."));
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

    /// <summary>Whether a file is a run; a JSONL of counts is none.</summary>
    public static bool IsRun(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[SqliteMagic.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(SqliteMagic);
    }

    private static RunOutcome Outcome(string name, RunReader reader, (string Name, int Version) grader)
    {
        var problems = reader.Problems().Select(prepared => prepared.Problem).ToArray();
        ProblemTally[] tallies = [.. reader.Tallies(grader)];
        var unfinished = Unfinished(reader, tallies, problems.Length);
        // Samples without a verdict are left out, never counted as wrong.
        ProblemCounts[] counts = [.. tallies
            .Where(tally => tally.Graded > 0 && !unfinished.Contains(tally.Problem))
            .Select(tally => new ProblemCounts(problems[tally.Problem].Id, tally.Graded, tally.Correct))];
        if (counts.Length == 0)
        {
            throw new InputException(unfinished.Count > 0
                ? $"{reader.Path}: no problem has all its samples yet; run the command that made it again to go on."
                : $"{reader.Path}: no sample is graded by '{grader.Name}' yet; run `passatk grade`.");
        }
        if (unfinished.Count > 0)
        {
            Terminal.Note(
                $"{reader.Path}: left out {unfinished.Count} unfinished problem(s): the samples that finish first are not a random subset.");
        }
        if (counts.Length + unfinished.Count < problems.Length)
            Terminal.Note($"{reader.Path}: {problems.Length - counts.Length - unfinished.Count} problem(s) have no graded sample yet and are left out.");
        var statistics = reader.Statistics();
        using var judge = Graders.Names.Contains(grader.Name) ? Graders.Get(grader.Name) : null;
        var totals = new OutcomeTotals([.. problems.Select(problem => problem.Id)], judge);
        foreach (var sample in reader.Outcomes(grader))
        {
            if (sample.Correct is not null && !unfinished.Contains(sample.Problem))
                totals.Add(sample);
        }
        totals.End();
        return new RunOutcome(name, counts)
        {
            Sharing = statistics.ComputedRows > 0 ? new SharingCounts(statistics.SampledTokens, statistics.ComputedRows) : null,
            Surprisal = totals.Surprisal,
            Lengths = totals.Lengths,
            Exploration = totals.Exploration,
            Answers = totals.Answers,
            AnswersVote = totals.AnswersVote,
            Finish = totals.Finish,
            Chance = problems.Where(problem => problem.Chance is not null)
                .ToDictionary(problem => problem.Id, problem => problem.Chance!.Value),
        };
    }

    /// <summary>Problems with a gap in their sample indices: a session was stopped while later samples were done and earlier ones were not.</summary>
    private static HashSet<int> Unfinished(RunReader reader, ProblemTally[] tallies, int problems)
    {
        if (tallies.Length == 0)
            return [];
        var stored = tallies.ToDictionary(tally => tally.Problem, tally => tally.Samples);
        var most = stored.Values.Max();
        return [.. reader.MissingSamples(problems, most)
            .Where(missing => missing.Indices[0] < stored.GetValueOrDefault(missing.Problem))
            .Select(missing => missing.Problem)];
    }
}
