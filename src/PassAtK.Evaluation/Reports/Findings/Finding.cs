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
    internal static Finding Shown(FormattableString text) => new(FindingKind.Shown, FormattableString.Invariant(text));

    internal static Finding Open(FormattableString text) => new(FindingKind.Open, FormattableString.Invariant(text));

    internal static Finding Caution(FormattableString text) => new(FindingKind.Caution, FormattableString.Invariant(text));

    internal static Finding Limit(FormattableString text) => new(FindingKind.Limit, FormattableString.Invariant(text));
}
