namespace PassAtK.Evaluation.Auditing;

/// <summary>A wrong sample whose last line holds the gold.</summary>
/// <param name="Problem">The problem's id.</param>
/// <param name="Index">The sample's index.</param>
/// <param name="Gold">The gold as it was found.</param>
/// <param name="Extracted">What the grader read instead.</param>
/// <param name="LastLine">The end of the sample's last line.</param>
public sealed record MissedAnswer(string Problem, int Index, string Gold, string? Extracted, string LastLine);

/// <summary>Samples in which the grader found no answer, or perhaps the wrong one.</summary>
/// <param name="WithoutAnswer">Samples in which it found none.</param>
/// <param name="Share">Of all samples.</param>
/// <param name="WithoutAnswerAndLength">Those of them that the token limit cut.</param>
/// <param name="GoldAtEnd">
/// Wrong samples in whose last line the gold stands alone; null where answers are no values. Not all are faults: the gold may stand there
/// by chance.
/// </param>
/// <param name="GoldAtEndShareOfWrong">Of all wrong samples.</param>
/// <param name="Examples">The first such sample of each of the first problems.</param>
public sealed record MissedAnswers(
    long WithoutAnswer, double? Share, long WithoutAnswerAndLength, long? GoldAtEnd, double? GoldAtEndShareOfWrong,
    IReadOnlyList<MissedAnswer> Examples);
