using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Reports;

/// <summary>A run with what a page tells of it beside its numbers. Without settings it is a file of counts, which has no samples.</summary>
/// <param name="Outcome">Its counts.</param>
public sealed record ReportedRun(RunOutcome Outcome)
{
    /// <summary>Its file, as the person wrote it.</summary>
    public string? Path { get; init; }

    public RunSettings? Settings { get; init; }

    /// <summary>Whose verdicts count.</summary>
    public (string Name, int Version)? Grader { get; init; }

    /// <summary>Tokens and rows by depth.</summary>
    public SharingStatistics? Sharing { get; init; }

    /// <summary>Index of the first sample of a problem that counts.</summary>
    public int FirstIndex { get; init; }

    /// <summary>Index after the last one.</summary>
    public int EndIndex { get; init; } = int.MaxValue;
}
