using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Scheduling;

/// <summary>Samples wanted of one problem. A sample's tokens depend on this record's values and the model alone.</summary>
public sealed record SampleRequest
{
    /// <summary>Selects the random streams, with <see cref="Seed"/> and the sample's index.</summary>
    public required string ProblemId { get; init; }

    /// <summary>Prompt token ids, at least one.</summary>
    public required int[] Prompt { get; init; }

    public required SamplingParameters Parameters { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Most tokens to generate, the end-of-sequence token included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Texts that end a sample; the text of a completion stops before the first of them.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>The sample indices wanted, ascending.</summary>
    public required IReadOnlyList<int> Samples { get; init; }

    /// <summary>
    /// Scores instead of drawing: the tokens that each of <see cref="Samples"/> is to have, at least one each. Their log-probabilities
    /// come back as a completion's, prefixes that samples share being computed once; everything that only drawing needs
    /// (parameters, limit, stop texts) is ignored.
    /// </summary>
    public IReadOnlyDictionary<int, int[]>? Given { get; init; }
}
