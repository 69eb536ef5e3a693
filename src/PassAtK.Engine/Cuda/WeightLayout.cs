namespace PassAtK.Engine.Cuda;

/// <summary>
/// A tensor's place in device memory. A matrix has two-byte rows of <see cref="Columns"/> elements, <see cref="RowBytes"/> apart; a vector
/// (a norm or a bias) one row of F32.
/// </summary>
internal readonly record struct WeightPlace(
    string Tensor, int Rows, int Columns, long Offset, int RowBytes, bool IsVector = false);

/// <summary>Weights of a projection `[outputs, inputs]` and its bias `[outputs]`, as offsets; no bias is -1.</summary>
internal readonly record struct ProjectionPlace(int Outputs, int Inputs, long Weight, long Bias);

/// <summary>Offsets of one transformer block; -1 where the model has no such norm.</summary>
internal sealed record LayerPlace(
    long InputNorm, ProjectionPlace QueryKeyValue, long QueryNorm, long KeyNorm, ProjectionPlace AttentionOutput, long FeedForwardNorm,
    ProjectionPlace GateUp, ProjectionPlace Down);

/// <summary>
/// Where each weight of a model lies in one piece of device memory, in bytes from its start; what no tensor covers is zeros. Queries, keys
/// and values are one matrix, gate and up another, and tied embeddings are there once.
/// </summary>
internal sealed class WeightLayout
{
    /// <summary>Alignment of every matrix and vector, in bytes: what the device's own allocations have.</summary>
    public const int Alignment = 256;

    private readonly DeviceShape _shape;
    private readonly List<WeightPlace> _places = [];

    public WeightLayout(DeviceShape shape)
    {
        _shape = shape;
        var config = shape.Config;
        Embedding = Matrix(shape.Vocabulary, shape.Hidden, ("model.embed_tokens.weight", config.VocabularySize, config.HiddenSize, 0));
        Layers = new LayerPlace[config.LayerCount];
        for (var layer = 0; layer < Layers.Length; layer++)
            Layers[layer] = Layer($"model.layers.{layer}.");
        FinalNorm = HiddenNorm("model.norm.weight");
        var output = config.TiedEmbeddings
            ? Embedding
            : Matrix(shape.Vocabulary, shape.Hidden, ("lm_head.weight", config.VocabularySize, config.HiddenSize, 0));
        Output = new ProjectionPlace(shape.Vocabulary, shape.Hidden, output, -1);
    }

    public IReadOnlyList<WeightPlace> Places => _places;

    /// <summary>Bytes of all weights.</summary>
    public long Size { get; private set; }

    /// <summary>`[vocabulary, hidden]`.</summary>
    public long Embedding { get; }

    public LayerPlace[] Layers { get; }

    public long FinalNorm { get; }

    public ProjectionPlace Output { get; }

    private LayerPlace Layer(string prefix)
    {
        var config = _shape.Config;
        var (attention, mlp) = ($"{prefix}self_attn.", $"{prefix}mlp.");
        int hidden = config.HiddenSize, ffn = config.IntermediateSize, queries = config.QuerySize, keys = config.KeyValueSize;
        return new LayerPlace(
            HiddenNorm($"{prefix}input_layernorm.weight"),
            Projection(
                _shape.Heads, _shape.Hidden, config.QueryKeyValueBias,
                ($"{attention}q_proj", queries, hidden, 0),
                ($"{attention}k_proj", keys, hidden, queries),
                ($"{attention}v_proj", keys, hidden, queries + keys)),
            config.QueryKeyNorm ? Vector(config.HeadDimension, ($"{attention}q_norm.weight", config.HeadDimension, 0)) : -1,
            config.QueryKeyNorm ? Vector(config.HeadDimension, ($"{attention}k_norm.weight", config.HeadDimension, 0)) : -1,
            Projection(_shape.Hidden, _shape.Queries, config.OutputBias, ($"{attention}o_proj", hidden, queries, 0)),
            HiddenNorm($"{prefix}post_attention_layernorm.weight"),
            Projection(
                2 * _shape.FeedForward, _shape.Hidden, config.FeedForwardBias,
                ($"{mlp}gate_proj", ffn, hidden, 0),
                ($"{mlp}up_proj", ffn, hidden, _shape.FeedForward)),
            Projection(_shape.Hidden, _shape.FeedForward, config.FeedForwardBias, ($"{mlp}down_proj", hidden, ffn, 0)));
    }

    private long HiddenNorm(string tensor) => Vector(_shape.Hidden, (tensor, _shape.Config.HiddenSize, 0));

    private ProjectionPlace Projection(
        int outputs, int inputs, bool hasBias, params ReadOnlySpan<(string Module, int Rows, int Columns, int FirstRow)> parts)
    {
        var weights = new (string, int, int, int)[parts.Length];
        var biases = new (string, int, int)[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            weights[i] = ($"{parts[i].Module}.weight", parts[i].Rows, parts[i].Columns, parts[i].FirstRow);
            biases[i] = ($"{parts[i].Module}.bias", parts[i].Rows, parts[i].FirstRow);
        }
        return new ProjectionPlace(outputs, inputs, Matrix(outputs, inputs, weights), hasBias ? Vector(outputs, biases) : -1);
    }

    private long Matrix(int outputs, int inputs, params ReadOnlySpan<(string Tensor, int Rows, int Columns, int FirstRow)> parts)
    {
        var rowBytes = inputs * sizeof(ushort);
        var start = Reserve((long)outputs * rowBytes);
        foreach (var (tensor, rows, columns, firstRow) in parts)
            _places.Add(new WeightPlace(tensor, rows, columns, start + ((long)firstRow * rowBytes), rowBytes));
        return start;
    }

    private long Vector(int length, params ReadOnlySpan<(string Tensor, int Length, int First)> parts)
    {
        var start = Reserve((long)length * sizeof(float));
        foreach (var (tensor, count, first) in parts)
            _places.Add(new WeightPlace(tensor, 1, count, start + ((long)first * sizeof(float)), count * sizeof(float), IsVector: true));
        return start;
    }

    private long Reserve(long bytes)
    {
        var start = Size;
        Size += (bytes + Alignment - 1) / Alignment * Alignment;
        return start;
    }
}
