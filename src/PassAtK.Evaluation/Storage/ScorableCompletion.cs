namespace PassAtK.Evaluation.Storage;

/// <summary>A completion as scoring needs it.</summary>
/// <param name="Tokens">All drawn token ids.</param>
/// <param name="Text">Decoded without special tokens, cut before a stop text.</param>
/// <param name="Finish">`stop` or `length`.</param>
public sealed record ScorableCompletion(int[] Tokens, string Text, string Finish);
