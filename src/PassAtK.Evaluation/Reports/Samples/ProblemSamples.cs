namespace PassAtK.Evaluation.Reports.Samples;

/// <summary>Samples of a problem that gave the same answer and got the same verdict.</summary>
/// <param name="Text">The answer that the grader read; null where it found none.</param>
/// <param name="Correct">Null where no grader has judged them.</param>
/// <param name="Samples">How many.</param>
internal sealed record AnswerClass(string? Text, bool? Correct, int Samples);

/// <summary>A distinct completion and the samples that drew it.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Tokens">Drawn tokens.</param>
/// <param name="Finish">`stop` or `length`.</param>
/// <param name="Logprob">Natural log of its probability at temperature 1; NaN where it is not a number.</param>
/// <param name="Answer">Its class, from 0.</param>
/// <param name="Indices">Indices of its samples, ascending.</param>
internal sealed record ShownCompletion(TextExcerpt Text, int Tokens, string Finish, double Logprob, int Answer, IReadOnlyList<int> Indices);

/// <summary>What a page holds of one problem's samples.</summary>
/// <param name="Samples">All samples of the problem.</param>
/// <param name="Tokens">Drawn tokens of all of them.</param>
/// <param name="Answers">Classes of answers, correct ones first, then by size.</param>
/// <param name="AnswersLeftOut">Classes that are not listed.</param>
/// <param name="Completions">Completions that are shown, one of each class first.</param>
/// <param name="SamplesLeftOut">Samples whose completion is not shown.</param>
internal sealed record ProblemSamples(
    int Samples, long Tokens, IReadOnlyList<AnswerClass> Answers, int AnswersLeftOut, IReadOnlyList<ShownCompletion> Completions, int SamplesLeftOut)
{
    public double MeanTokens => (double)Tokens / Samples;
}
