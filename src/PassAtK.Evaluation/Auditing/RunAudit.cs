using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Auditing;

/// <summary>
/// Audits a run: one pass over its samples, one more for each other grader. Memory grows with problems, with distinct answers of one
/// problem, and by some 50 bytes for each distinct completion.
/// </summary>
public static class RunAudit
{
    /// <param name="name">What the report calls the run.</param>
    /// <param name="reader">The run, of one moment where it is being written (<see cref="RunReader.Snapshot"/>).</param>
    /// <param name="grader">Whose verdicts are audited.</param>
    /// <param name="against">Other graders and versions that judged the run.</param>
    /// <param name="endOfSequence">The model's end-of-sequence tokens; null where they are not known.</param>
    /// <param name="mostExamples">Most examples of one kind.</param>
    /// <param name="cancellation">Ends the audit.</param>
    public static AuditReport Of(
        string name, RunReader reader, (string Name, int Version) grader, IReadOnlyList<(string Name, int Version)> against,
        IReadOnlyCollection<int>? endOfSequence, int mostExamples, CancellationToken cancellation = default)
    {
        PreparedProblem[] problems = [.. reader.Problems()];
        string[] ids = [.. problems.Select(problem => problem.Problem.Id)];
        using var judge = Graders.Names.Contains(grader.Name) ? Graders.Get(grader.Name) : null;
        var settings = reader.Settings();
        var missed = new MissedAnswerSearch(problems, judge, mostExamples);
        var endings = new EndingCount(ids, endOfSequence, settings.Stop.Count > 0);
        var duplicates = new DuplicateSearch(problems, reader.SampleCount(), mostExamples);
        var answers = new ProblemAnswersList(ids, judge);
        var (ungraded, pilot) = (0L, 0L);
        foreach (var sample in reader.Samples(grader))
        {
            cancellation.ThrowIfCancellationRequested();
            duplicates.Add(sample);
            if (sample.Index < settings.FirstCounted)
            {
                pilot++;
                continue;
            }
            if (sample.Correct is not { } correct)
            {
                ungraded++;
                continue;
            }
            missed.Add(sample);
            endings.Add(sample);
            answers.Add(sample.Problem, sample.Extracted, correct);
        }
        answers.End();
        var cut = endings.Result;
        var byId = problems.ToDictionary(problem => problem.Problem.Id, StringComparer.Ordinal);
        return new AuditReport(
            name, new GraderName(grader.Name, grader.Version), answers.Problems, cut.Endings.Samples, ungraded, pilot,
            cut.Endings.Wrong,
            [
                .. against.Select(other => GraderAgreement.Of(
                    new GraderName(other.Name, other.Version),
                    reader.VerdictPairs(grader, other).Where(pair => pair.Index >= settings.FirstCounted), ids, mostExamples)),
            ],
            missed.Result, cut,
            answers.Vote && answers.All is { } all ? DoubtfulGolds.Of(all, byId) : null,
            duplicates.Result);
    }
}
