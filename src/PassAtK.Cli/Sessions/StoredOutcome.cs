using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Allocation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>What a stored run says: counts of its problems, and what one pass over its samples adds up.</summary>
internal static class StoredOutcome
{
    /// <summary>Of a run that was stopped; grading alone would leave it as short as it is.</summary>
    private const string HowToGrade = "run the command that made it again to finish it, or `passatk grade` to grade what is there";

    /// <summary>Why nothing can be said of a run, and what to do.</summary>
    public const string Ungraded = "no sample is graded yet; " + HowToGrade;

    /// <param name="reader">The run; the caller keeps its snapshot.</param>
    /// <param name="selection">What of it counts.</param>
    /// <exception cref="InputException">Nothing of it is graded.</exception>
    public static RunOutcome Read(RunReader reader, OutcomeSelection selection)
    {
        var grader = RunFiles.GraderOf(reader, selection.Grader)
            ?? throw new InputException($"{reader.Path}: {Ungraded}.");
        var problems = reader.Problems().Select(prepared => prepared.Problem).ToArray();
        var settings = reader.Settings();
        var start = settings.FirstCounted;
        var unfinished = Unfinished(reader);
        ProblemTally[] stored = [.. reader.Tallies(grader, first: start)];
        // What is graded first finished first, and is no random subset either.
        HashSet<int> partly = [.. stored
            .Where(tally => tally.Graded > 0 && tally.Graded < tally.Samples && !unfinished.Contains(tally.Problem))
            .Select(tally => tally.Problem)];
        ProblemTally[] counted = [.. stored.Where(HasCounts)];
        var counts = Counts(counted);
        Require(reader, grader, problems.Length, counts.Length, unfinished.Count, partly.Count, selection.Note);

        var end = selection.First is { } first ? (int)Math.Min((long)start + first, int.MaxValue) : int.MaxValue;
        var isPart = selection.First is not null;
        var totals = Totals(reader, grader, selection.Scorer, [.. problems.Select(problem => problem.Id)], IsCounted);
        var statistics = reader.Statistics();
        var part = isPart ? Counts(reader.Tallies(grader, first: start, end: end)) : counts;
        return new RunOutcome(Path.GetFileNameWithoutExtension(reader.Path), part)
        {
            Whole = isPart ? counts : null,
            Adaptive = settings.Adaptive is { } design && !isPart
                ? Adaptive(reader, design, grader, [.. counted.Select(tally => tally.Problem)])
                : null,
            // What sampling cost is known of all samples together.
            Sharing = !isPart && statistics.ComputedRows > 0 ? new SharingCounts(statistics.SampledTokens, statistics.ComputedRows) : null,
            Surprisal = totals.Surprisal,
            Lengths = totals.Lengths,
            Exploration = totals.Exploration,
            Answers = totals.Answers.All,
            AnswersVote = totals.Answers.Vote,
            Source = new RunSource(RunPath.Typed(reader.Path), RunPath.Typed(settings.ModelPath), settings.ModelFingerprint),
            Likelihoods = selection.Scorer == settings.ModelFingerprint ? ScoredByItself(totals.Likelihoods) : totals.Likelihoods,
            Finish = totals.Finish,
            Chance = problems.Where(problem => problem.Chance is not null)
                .ToDictionary(problem => problem.Id, problem => problem.Chance!.Value),
        };

        // Samples without a verdict are never counted as wrong: their problem is left out.
        bool HasCounts(ProblemTally tally) => tally.Graded > 0 && !IsLeftOut(tally.Problem);

        bool IsLeftOut(int problem) => unfinished.Contains(problem) || partly.Contains(problem);

        ProblemCounts[] Counts(IEnumerable<ProblemTally> tallies) =>
            [.. tallies.Where(HasCounts).Select(tally => new ProblemCounts(problems[tally.Problem].Id, tally.Graded, tally.Correct))];

        bool IsCounted(SampleOutcome sample) =>
            sample.Index >= start && sample.Index < end && sample.Correct is not null && !IsLeftOut(sample.Problem);
    }

    /// <summary>
    /// Problems with a gap in their sample indices: a session was stopped while later samples were done and earlier ones were not.
    /// </summary>
    public static HashSet<int> Unfinished(RunReader reader) => [.. reader.Gaps()];

    public static void NoteUnfinished(string path, int problems, Action<string> note) =>
        note($"{path}: left out {problems} unfinished problem(s): the samples that finish first are not a random subset.");

    private static void Require(
        RunReader reader, (string Name, int Version) grader, int problems, int counted, int unfinished, int partly, Action<string> note)
    {
        var by = $"'{grader.Name}' {grader.Version}";
        if (counted == 0)
        {
            throw new InputException(unfinished > 0
                ? $"{reader.Path}: no problem has all its samples yet; run the command that made it again to go on."
                : partly > 0
                    ? $"{reader.Path}: no problem has all its samples graded by {by} yet; {HowToGrade}."
                    : $"{reader.Path}: no sample is graded by {by} yet; {HowToGrade}.");
        }
        if (unfinished > 0)
            NoteUnfinished(reader.Path, unfinished, note);
        if (partly > 0)
        {
            note(
                $"{reader.Path}: left out {partly} problem(s) of which some samples lack a verdict of {by}: those that are graded first are not a "
                + $"random subset; {HowToGrade}.");
        }
        if (counted + unfinished + partly < problems)
            note($"{reader.Path}: {problems - counted - unfinished - partly} problem(s) have no graded sample yet and are left out.");
    }

    private static OutcomeTotals Totals(
        RunReader reader, (string Name, int Version) grader, string? scorer, string[] ids, Func<SampleOutcome, bool> isCounted)
    {
        using var judge = Graders.Names.Contains(grader.Name) ? Graders.Get(grader.Name) : null;
        var totals = new OutcomeTotals(ids, judge);
        foreach (var sample in reader.Outcomes(grader, ScorerOf(reader, scorer)))
        {
            if (isCounted(sample))
                totals.Add(sample);
        }
        totals.End();
        return totals;
    }

    private static AdaptiveOutcome Adaptive(
        RunReader reader, AdaptiveDesign design, (string Name, int Version) grader, HashSet<int> counted) => new(
            design,
            [.. reader.Tallies(grader, end: design.Pilot).Where(tally => counted.Contains(tally.Problem)).Select(tally => tally.Correct)],
            reader.SampleCount());

    /// <summary>Of a model's scores on several devices those that are most complete; null where there are none.</summary>
    private static Scorer? ScorerOf(RunReader reader, string? fingerprint) =>
        reader.Scorers().Where(scorer => scorer.Fingerprint == fingerprint).MaxBy(reader.ScoredCount);

    /// <summary>What samples were drawn with needs no score: it would be the same.</summary>
    private static ProblemLikelihoods[] ScoredByItself(IEnumerable<ProblemLikelihoods> problems) =>
    [
        .. problems.Select(problem => problem with
        {
            Samples = [.. problem.Samples.Select(sample => sample with { Scored = sample.Own })],
        }),
    ];
}
