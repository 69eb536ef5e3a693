namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// What values a problem's number can take, which tells how far a problem that was not drawn might be from those that were.
/// </summary>
internal enum ValueRange
{
    /// <summary>0 to 1.</summary>
    Share,

    /// <summary>-1 to 1, on either side of 0.</summary>
    Difference,

    /// <summary>-1 to 1, and usually above 0.</summary>
    Gap,

    /// <summary>Anything: nothing is known beyond what the problems at hand show.</summary>
    Open,
}
