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
        var end = selection.First is { } first ? (int)Math.Min((long)start + first, int.MaxValue) : int.MaxValue;
        var isPart = selection.First is not null;

        using var judge = Graders.Names.Contains(grader.Name) ? Graders.Get(grader.Name) : null;
        var totals = new OutcomeTotals([.. problems.Select(problem => problem.Id)], judge);
        var whole = new List<ProblemCounts>();
        var (unfinished, partly) = (0, 0);
        var counted = new HashSet<int>();
        foreach (var outcomes in reader.Outcomes(grader, ScorerOf(reader, selection.Scorer)))
        {
            SampleOutcome[] samples = [.. outcomes.Samples.Where(sample => sample.Index >= start)];
            var graded = samples.Count(sample => sample.Correct is not null);
            // Samples without a verdict are never counted as wrong: their problem is left out. What is graded first finished first, and is
            // no random subset either.
            if (outcomes.HasGap)
            {
                unfinished++;
            }
            else if (graded > 0 && graded < samples.Length)
            {
                partly++;
            }
            else if (graded > 0)
            {
                counted.Add(outcomes.Problem);
                totals.Add(outcomes.Problem, isPart ? [.. samples.Where(sample => sample.Index < end)] : samples);
                if (isPart)
                {
                    whole.Add(new ProblemCounts(
                        totals.Counts[^1].Id, samples.Length, samples.Count(sample => sample.Correct == true)));
                }
            }
        }
        Require(reader, grader, counted.Count, unfinished, partly);
        var leftOut = LeftOut.Of(unfinished, partly, problems.Length - counted.Count - unfinished - partly, problems.Length);
        if (leftOut is not null)
            NoteLeftOut(reader, grader, leftOut, selection.Note);

        var statistics = reader.Statistics();
        return new RunOutcome(Path.GetFileNameWithoutExtension(reader.Path), totals.Counts)
        {
            LeftOut = leftOut,
            Whole = isPart ? whole : null,
            Adaptive = settings.Adaptive is { } design && !isPart
                ? Adaptive(reader, design, grader, counted)
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
    }

    public static void NoteUnfinished(string path, int problems, Action<string> note) =>
        note($"{path}: left out {problems} unfinished problem(s): the samples that finish first are not a random subset.");

    private static void Require(RunReader reader, (string Name, int Version) grader, int counted, int unfinished, int partly)
    {
        if (counted > 0)
            return;
        var by = $"'{grader.Name}' {grader.Version}";
        throw new InputException(unfinished > 0
            ? $"{reader.Path}: no problem has all its samples yet; run the command that made it again to go on."
            : partly > 0
                ? $"{reader.Path}: no problem has all its samples graded by {by} yet; {HowToGrade}."
                : $"{reader.Path}: no sample is graded by {by} yet; {HowToGrade}.");
    }

    private static void NoteLeftOut(RunReader reader, (string Name, int Version) grader, LeftOut leftOut, Action<string> note)
    {
        if (leftOut.Unfinished > 0)
            NoteUnfinished(reader.Path, leftOut.Unfinished, note);
        if (leftOut.PartlyGraded > 0)
        {
            note(
                $"{reader.Path}: left out {leftOut.PartlyGraded} problem(s) of which some samples lack a verdict of '{grader.Name}' "
                + $"{grader.Version}: those that are graded first are not a random subset; {HowToGrade}.");
        }
        if (leftOut.Ungraded > 0)
            note($"{reader.Path}: {leftOut.Ungraded} problem(s) have no graded sample yet and are left out.");
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
