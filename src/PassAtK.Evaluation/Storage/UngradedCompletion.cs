namespace PassAtK.Evaluation.Storage;

/// <summary>A completion without a verdict from some grader.</summary>
/// <param name="Id">Its id in the store.</param>
/// <param name="Problem">Position of its problem.</param>
/// <param name="Text">What is graded.</param>
public sealed record UngradedCompletion(long Id, int Problem, string Text);
