using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>A projection: a packed matrix and, for some models, a bias padded to whole panels.</summary>
internal sealed record Projection(PackedMatrix Matrix, NativeBuffer? Bias) : IDisposable
{
    public long Size => Matrix.Data.Size + (Bias?.Size ?? 0);

    public void Dispose()
    {
        Matrix.Dispose();
        Bias?.Dispose();
    }
}

/// <summary>The weights of one transformer block; query, key and value projections are one matrix.</summary>
internal sealed record LayerWeights(
    NativeBuffer InputNorm,
    Projection QueryKeyValue,
    NativeBuffer? QueryNorm,
    NativeBuffer? KeyNorm,
    Projection AttentionOutput,
    NativeBuffer FeedForwardNorm,
    Projection Gate,
    Projection Up,
    Projection Down) : IDisposable
{
    public long Size =>
        InputNorm.Size + QueryKeyValue.Size + (QueryNorm?.Size ?? 0) + (KeyNorm?.Size ?? 0) + AttentionOutput.Size + FeedForwardNorm.Size
        + Gate.Size + Up.Size + Down.Size;

    public void Dispose()
    {
        InputNorm.Dispose();
        QueryKeyValue.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
        AttentionOutput.Dispose();
        FeedForwardNorm.Dispose();
        Gate.Dispose();
        Up.Dispose();
        Down.Dispose();
    }
}

/// <summary>All weights of a model, packed. Source of the names: Hugging Face's `LlamaForCausalLM` and its relatives.</summary>
internal sealed class ModelWeights : IDisposable
{
    public ModelWeights(IWeightSource source, WorkerPool pool)
    {
        var config = source.Config;
        var packer = new WeightPacker(source, pool);
        Embedding = Matrix(packer, null, "model.embed_tokens.weight", config.VocabularySize, config.HiddenSize);
        Layers = new LayerWeights[config.LayerCount];
        for (var layer = 0; layer < Layers.Length; layer++)
            Layers[layer] = Layer(packer, config, $"model.layers.{layer}.");
        FinalNorm = packer.Vector(("model.norm.weight", config.HiddenSize));
        Output = config.TiedEmbeddings
            ? Embedding
            : Matrix(packer, null, "lm_head.weight", config.VocabularySize, config.HiddenSize);
    }

    /// <summary>`[vocabulary, hidden]`.</summary>
    public PackedMatrix Embedding { get; }

    public LayerWeights[] Layers { get; }

    public NativeBuffer FinalNorm { get; }

    /// <summary>`[vocabulary, hidden]`: the same object as <see cref="Embedding"/> where the model ties them.</summary>
    public PackedMatrix Output { get; }

    public long Size =>
        Embedding.Data.Size + Layers.Sum(layer => layer.Size) + FinalNorm.Size + (Output == Embedding ? 0 : Output.Data.Size);

    public void Dispose()
    {
        Embedding.Dispose();
        foreach (var layer in Layers)
            layer.Dispose();
        FinalNorm.Dispose();
        Output.Dispose();
    }

    private static LayerWeights Layer(WeightPacker packer, ModelConfig config, string prefix)
    {
        var (attention, mlp) = ($"{prefix}self_attn.", $"{prefix}mlp.");
        int hidden = config.HiddenSize, ffn = config.IntermediateSize, queries = config.QuerySize;
        var gateAndUp = packer.CommonType($"{mlp}gate_proj.weight", $"{mlp}up_proj.weight");
        return new LayerWeights(
            InputNorm: packer.Vector(($"{prefix}input_layernorm.weight", hidden)),
            QueryKeyValue: QueryKeyValue(packer, config, attention),
            QueryNorm: config.QueryKeyNorm ? packer.Vector(($"{attention}q_norm.weight", config.HeadDimension)) : null,
            KeyNorm: config.QueryKeyNorm ? packer.Vector(($"{attention}k_norm.weight", config.HeadDimension)) : null,
            AttentionOutput: Single(packer, null, $"{attention}o_proj", hidden, queries, config.OutputBias),
            FeedForwardNorm: packer.Vector(($"{prefix}post_attention_layernorm.weight", hidden)),
            Gate: Single(packer, gateAndUp, $"{mlp}gate_proj", ffn, hidden, config.FeedForwardBias),
            Up: Single(packer, gateAndUp, $"{mlp}up_proj", ffn, hidden, config.FeedForwardBias),
            Down: Single(packer, null, $"{mlp}down_proj", hidden, ffn, config.FeedForwardBias));
    }

    private static Projection QueryKeyValue(WeightPacker packer, ModelConfig config, string prefix)
    {
        var (q, k, v) = ($"{prefix}q_proj", $"{prefix}k_proj", $"{prefix}v_proj");
        int queries = config.QuerySize, keys = config.KeyValueSize;
        var type = packer.CommonType($"{q}.weight", $"{k}.weight", $"{v}.weight");
        return new Projection(
            packer.Matrix(type, config.HiddenSize, ($"{q}.weight", queries), ($"{k}.weight", keys), ($"{v}.weight", keys)),
            config.QueryKeyValueBias ? packer.Vector(($"{q}.bias", queries), ($"{k}.bias", keys), ($"{v}.bias", keys)) : null);
    }

    private static Projection Single(WeightPacker packer, DataType? type, string name, int outputs, int inputs, bool bias) => new(
        Matrix(packer, type, $"{name}.weight", outputs, inputs), bias ? packer.Vector(($"{name}.bias", outputs)) : null);

    private static PackedMatrix Matrix(WeightPacker packer, DataType? type, string name, int outputs, int inputs) =>
        packer.Matrix(type ?? packer.CommonType(name), inputs, (name, outputs));
}
