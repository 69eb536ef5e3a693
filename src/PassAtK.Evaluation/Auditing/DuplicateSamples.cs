namespace PassAtK.Evaluation.Auditing;

/// <summary>A completion that two samples share although chance would hardly make them.</summary>
/// <param name="First">The sample that had it first, in order of problem and index.</param>
/// <param name="Again">The sample that has it again.</param>
/// <param name="Tokens">Its length.</param>
/// <param name="Nats">Minus the natural log of the probability that the second sample was drawn with: that of the coincidence.</param>
public sealed record RepeatedCompletion(SampleName First, SampleName Again, int Tokens, double Nats);

/// <summary>Two sample indices whose samples are equal at every problem.</summary>
/// <param name="Index">The lower.</param>
/// <param name="Again">The higher.</param>
/// <param name="Problems">At how many problems.</param>
/// <param name="Nats">Minus the natural log of the probability of that, given the samples of the first.</param>
public sealed record RepeatedIndex(int Index, int Again, int Problems, double Nats);

/// <summary>A problem whose prompt, token for token, an earlier problem has.</summary>
/// <param name="Problem">Its id.</param>
/// <param name="First">The earlier one's.</param>
/// <param name="SameGold">Whether their golds are the same text.</param>
public sealed record RepeatedPrompt(string Problem, string First, bool SameGold);

/// <summary>
/// Samples that are too alike to come from independent random streams, and problems that are there twice. Given a sample x, an independent
/// one of the same or another problem equals it with the probability q(x) that it would be drawn with, and q is stored. Of N pairs of
/// samples those are reported that are equal with q(x) of at most (a/2)/N, and of M pairs of indices those that are equal at every problem
/// where the product of q is at most (a/2)/M: whatever the model, a run of independent streams has anything reported with probability a at
/// most (Bonferroni).
/// </summary>
/// <param name="FalsePositiveRate">a.</param>
/// <param name="Pairs">N, pairs of samples.</param>
/// <param name="LeastNats">ln(N/(a/2)): least surprisal of a completion that may not come twice.</param>
/// <param name="Comparable">Samples with at least that surprisal: none of the others could be found out.</param>
/// <param name="Repeats">Samples that repeat such a completion of an earlier sample.</param>
/// <param name="Examples">The first repeat in each of the first problems.</param>
/// <param name="Indices">Pairs of indices that are equal throughout, each with the lowest it equals.</param>
/// <param name="Prompts">Problems that repeat a prompt.</param>
public sealed record DuplicateSamples(
    double FalsePositiveRate, double Pairs, double LeastNats, long Comparable, long Repeats, IReadOnlyList<RepeatedCompletion> Examples,
    IReadOnlyList<RepeatedIndex> Indices, IReadOnlyList<RepeatedPrompt> Prompts);
