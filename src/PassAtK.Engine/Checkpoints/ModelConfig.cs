namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// The shape of a decoder-only transformer of the Llama family: what a backend needs to run it. Source: the `config.json` and
/// `generation_config.json` of Hugging Face model folders.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>`LlamaForCausalLM`, `MistralForCausalLM`, `Qwen2ForCausalLM` or `Qwen3ForCausalLM`.</summary>
    public required string Architecture { get; init; }

    public required int VocabularySize { get; init; }

    public required int HiddenSize { get; init; }

    /// <summary>Width of the gated feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    public required int LayerCount { get; init; }

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key/value heads; divides <see cref="HeadCount"/> (grouped-query attention).</summary>
    public required int KeyValueHeadCount { get; init; }

    public required int HeadDimension { get; init; }

    /// <summary>Most positions (prompt and generated tokens together) that the model was made for.</summary>
    public required int MaxPositions { get; init; }

    public required float RmsNormEpsilon { get; init; }

    public required RopeParameters Rope { get; init; }

    /// <summary>Bias on the query, key and value projections.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Bias on the attention's output projection.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Bias on the three feed-forward projections.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>RMS norm of each query and key head before the rotary embedding (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>The output projection is the embedding matrix.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Tokens that end a sample, ascending; empty where the model names none.</summary>
    public IReadOnlyList<int> EndOfSequenceTokens { get; init; } = [];

    /// <summary>Query heads that share one key/value head.</summary>
    public int HeadsPerKeyValueHead => HeadCount / KeyValueHeadCount;

    /// <summary>Width of all query heads together.</summary>
    public int QuerySize => HeadCount * HeadDimension;

    /// <summary>Width of all key (or value) heads together.</summary>
    public int KeyValueSize => KeyValueHeadCount * HeadDimension;
}
