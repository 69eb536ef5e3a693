namespace PassAtK.Engine.Checkpoints;

/// <summary>Name and shape of a weight: `[outputs, inputs]` for a projection, one dimension for a norm or a bias.</summary>
public sealed record TensorShape(string Name, params int[] Dimensions)
{
    /// <summary>1 for a vector.</summary>
    public int Rows => Dimensions.Length == 1 ? 1 : Dimensions[0];

    public int Columns => Dimensions[^1];
}

/// <summary>
/// The weights that a model of some configuration consists of, under their Hugging Face names, in the order in which a forward pass
/// meets them. Source: the Llama, Mistral, Qwen2 and Qwen3 modules of transformers.
/// </summary>
public sealed class ModelLayout
{
    private readonly List<TensorShape> _tensors = [];
    private readonly Dictionary<string, TensorShape> _byName;

    public ModelLayout(ModelConfig config)
    {
        AddWeight("model.embed_tokens", config.VocabularySize, config.HiddenSize);
        for (var layer = 0; layer < config.LayerCount; layer++)
            AddLayer($"model.layers.{layer}", config);
        AddNorm("model.norm", config.HiddenSize);
        if (!config.TiedEmbeddings)
            AddWeight(OutputName, config.VocabularySize, config.HiddenSize);
        _byName = _tensors.ToDictionary(tensor => tensor.Name);
        ParameterCount = _tensors.Sum(tensor => (long)tensor.Rows * tensor.Columns);
    }

    /// <summary>Module of the output projection, which shares the embedding's weight where embeddings are tied.</summary>
    public const string OutputName = "lm_head";

    public IReadOnlyList<TensorShape> Tensors => _tensors;

    public long ParameterCount { get; }

    public TensorShape? Find(string name) => _byName.GetValueOrDefault(name);

    private void AddLayer(string layer, ModelConfig config)
    {
        AddNorm($"{layer}.input_layernorm", config.HiddenSize);
        AddProjection($"{layer}.self_attn.q_proj", config.QuerySize, config.HiddenSize, config.QueryKeyValueBias);
        AddProjection($"{layer}.self_attn.k_proj", config.KeyValueSize, config.HiddenSize, config.QueryKeyValueBias);
        AddProjection($"{layer}.self_attn.v_proj", config.KeyValueSize, config.HiddenSize, config.QueryKeyValueBias);
        if (config.QueryKeyNorm)
        {
            AddNorm($"{layer}.self_attn.q_norm", config.HeadDimension);
            AddNorm($"{layer}.self_attn.k_norm", config.HeadDimension);
        }
        AddProjection($"{layer}.self_attn.o_proj", config.HiddenSize, config.QuerySize, config.OutputBias);
        AddNorm($"{layer}.post_attention_layernorm", config.HiddenSize);
        AddProjection($"{layer}.mlp.gate_proj", config.IntermediateSize, config.HiddenSize, config.FeedForwardBias);
        AddProjection($"{layer}.mlp.up_proj", config.IntermediateSize, config.HiddenSize, config.FeedForwardBias);
        AddProjection($"{layer}.mlp.down_proj", config.HiddenSize, config.IntermediateSize, config.FeedForwardBias);
    }

    private void AddProjection(string module, int outputs, int inputs, bool hasBias)
    {
        AddWeight(module, outputs, inputs);
        if (hasBias)
            _tensors.Add(new TensorShape($"{module}.bias", outputs));
    }

    private void AddWeight(string module, int outputs, int inputs) => _tensors.Add(new TensorShape($"{module}.weight", outputs, inputs));

    private void AddNorm(string module, int width) => _tensors.Add(new TensorShape($"{module}.weight", width));
}
