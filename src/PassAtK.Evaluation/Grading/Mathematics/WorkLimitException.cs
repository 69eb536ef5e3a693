namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>A computation would cost more than its budget, or a number would grow beyond what is kept.</summary>
internal sealed class WorkLimitException : Exception;
