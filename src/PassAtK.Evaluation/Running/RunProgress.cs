namespace PassAtK.Evaluation.Running;

/// <summary>How far a session is; everything counted here is committed.</summary>
/// <param name="SamplesDone">Stored samples among those wanted.</param>
/// <param name="SamplesTotal">Samples wanted.</param>
/// <param name="Tokens">Tokens of the samples stored by this session.</param>
/// <param name="Graded">Samples done with a verdict.</param>
/// <param name="Correct">Samples done that are correct.</param>
public readonly record struct RunProgress(long SamplesDone, long SamplesTotal, long Tokens, long Graded, long Correct);
