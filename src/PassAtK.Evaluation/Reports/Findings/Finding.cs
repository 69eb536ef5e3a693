namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>What a sentence of a report is.</summary>
public enum FindingKind
{
    /// <summary>The intervals carry it.</summary>
    Shown,

    /// <summary>The data leave it open.</summary>
    Open,

    /// <summary>Something about the runs that a reader has to know before the numbers mean what they seem to.</summary>
    Caution,

    /// <summary>What no numbers of this kind can show.</summary>
    Limit,
}

/// <summary>One sentence or two in plain words that a rule made from the numbers of a report.</summary>
public sealed record Finding(FindingKind Kind, string Text)
{
    internal static Finding Shown(string text) => new(FindingKind.Shown, text);

    internal static Finding Open(string text) => new(FindingKind.Open, text);

    internal static Finding Caution(string text) => new(FindingKind.Caution, text);

    internal static Finding Limit(string text) => new(FindingKind.Limit, text);
}
