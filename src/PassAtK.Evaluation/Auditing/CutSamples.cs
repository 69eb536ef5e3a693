namespace PassAtK.Evaluation.Auditing;

/// <summary>How samples ended, all of them and the wrong ones.</summary>
/// <param name="Samples">All.</param>
/// <param name="Wrong">Judged wrong.</param>
/// <param name="Length">Cut at the token limit or the end of the context.</param>
/// <param name="WrongAndLength">Wrong ones of those.</param>
/// <param name="StopText">
/// Ended by a stop text; null where there are stop texts and the model's end-of-sequence tokens are not known.
/// </param>
/// <param name="WrongAndStopText">Wrong ones of those.</param>
/// <param name="EndOfSequence">Ended by the model itself; null likewise.</param>
public sealed record EndingCounts(
    long Samples, long Wrong, long Length, long WrongAndLength, long? StopText, long? WrongAndStopText, long? EndOfSequence);

/// <summary>The endings of one problem's samples.</summary>
public sealed record ProblemEndings(string Problem, EndingCounts Endings);

/// <summary>What cut samples off, and how much of what is wrong that may explain.</summary>
/// <param name="Endings">Over all samples.</param>
/// <param name="LengthShare">Cut at the limit, of all samples.</param>
/// <param name="LengthShareOfWrong">Cut at the limit, of the wrong ones.</param>
/// <param name="StopTextShare">Ended by a stop text, of all samples.</param>
/// <param name="StopTextShareOfWrong">Ended by a stop text, of the wrong ones.</param>
/// <param name="Problems">
/// Problems with wrong samples that were cut at the limit: those with most first, in task order where they have as many.
/// </param>
public sealed record CutSamples(
    EndingCounts Endings, double? LengthShare, double? LengthShareOfWrong, double? StopTextShare, double? StopTextShareOfWrong,
    IReadOnlyList<ProblemEndings> Problems);
