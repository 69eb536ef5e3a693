namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>An expression has no value at a point, or none that can be computed with a useful bound.</summary>
internal sealed class UndefinedValueException : Exception;
