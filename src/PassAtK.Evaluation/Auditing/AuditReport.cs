using PassAtK.Evaluation.Reports;

namespace PassAtK.Evaluation.Auditing;

/// <summary>A sample by its problem's id and its index.</summary>
public sealed record SampleName(string Problem, int Index);

/// <summary>A version of a grader.</summary>
public sealed record GraderName(string Name, int Version)
{
    public override string ToString() => $"{Name} {Version}";
}

/// <summary>
/// What in a run deserves a look before its numbers are believed. Shares are fractions, null where there is nothing to take a share of;
/// examples are the first in order of problem and index, one a problem.
/// </summary>
/// <param name="Name">The run's name.</param>
/// <param name="Grader">Whose verdicts are audited.</param>
/// <param name="Problems">Problems with a sample that it judged.</param>
/// <param name="Samples">Samples that it judged.</param>
/// <param name="Ungraded">Samples that it did not judge, which are left out of everything but the duplicates.</param>
/// <param name="Pilot">Samples of an adaptive run's pilot, which are left out likewise.</param>
/// <param name="Wrong">Samples that it judged wrong.</param>
/// <param name="Against">How other graders that judged the run agree with it.</param>
/// <param name="Missed">Answers that extraction may have missed.</param>
/// <param name="Cut">How samples ended.</param>
/// <param name="Golds">Problems whose gold looks wrong; null where answers are no values to vote over.</param>
/// <param name="Duplicates">Samples that are too alike.</param>
public sealed record AuditReport(
    string Name,
    GraderName Grader,
    int Problems,
    long Samples,
    long Ungraded,
    long Pilot,
    long Wrong,
    IReadOnlyList<GraderAgreement> Against,
    MissedAnswers Missed,
    CutSamples Cut,
    DoubtfulGolds? Golds,
    DuplicateSamples Duplicates)
{
    /// <summary>The report as one indented JSON document.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, ReportJson.Default.AuditReport);
}
