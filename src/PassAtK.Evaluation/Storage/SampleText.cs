namespace PassAtK.Evaluation.Storage;

/// <summary>What a reader sees of a sample.</summary>
/// <param name="Problem">Position of its problem.</param>
/// <param name="Index">Its index within the problem.</param>
/// <param name="TokenCount">Drawn tokens.</param>
/// <param name="Text">Decoded without special tokens, cut before a stop text.</param>
/// <param name="Finish">`stop` or `length`.</param>
/// <param name="Logprob">Natural log of the whole sample's probability at temperature 1; NaN where it is not a number.</param>
/// <param name="Correct">Null where the grader has not judged it.</param>
/// <param name="Extracted">The answer that the grader read.</param>
public readonly record struct SampleText(
    int Problem, int Index, int TokenCount, string Text, string Finish, double Logprob, bool? Correct, string? Extracted);
