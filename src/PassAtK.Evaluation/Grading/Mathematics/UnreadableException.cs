namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>A text is no expression that the grader knows; it is then compared as text.</summary>
internal sealed class UnreadableException : Exception;
