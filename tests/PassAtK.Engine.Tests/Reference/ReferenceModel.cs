using System.Numerics.Tensors;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Reference;

/// <summary>
/// The Llama family in F64 as the papers state it: the whole sequence at once, no cache, no tiles. What every backend is measured
/// against. With `round`, what a device hands from kernel to kernel in a shorter type is rounded where it does so: all rows but the
/// residual stream and the logits. Sources: Llama (arXiv 2302.13971), Qwen2 (arXiv 2407.10671: biases), Qwen3 (arXiv 2505.09388: norms of query and key heads).
/// </summary>
internal sealed class ReferenceModel(TinyModel model, Func<double, double>? round = null)
{
    private readonly ModelConfig _config = model.Config;

    /// <summary>Logits of every position, `[tokens][vocabulary]`.</summary>
    public double[][] Logits(ReadOnlySpan<int> tokens)
    {
        var embedding = model.Values("model.embed_tokens.weight");
        var hidden = new double[tokens.Length][];
        for (var i = 0; i < hidden.Length; i++)
            hidden[i] = embedding.AsSpan(tokens[i] * _config.HiddenSize, _config.HiddenSize).ToArray();
        for (var layer = 0; layer < _config.LayerCount; layer++)
            Layer($"model.layers.{layer}.", hidden);
        var head = _config.TiedEmbeddings ? "model.embed_tokens" : "lm_head";
        return [.. hidden.Select(row => Project(head, Rounded(Norm("model.norm", row, 0, row.Length)), false))];
    }

    private void Layer(string prefix, double[][] hidden)
    {
        var normed = hidden.Select(row => Rounded(Norm($"{prefix}input_layernorm", row, 0, row.Length))).ToArray();
        var attended = Attention($"{prefix}self_attn.", normed);
        foreach (var (row, added) in hidden.Zip(attended))
            TensorPrimitives.Add(row, added, row);
        foreach (var row in hidden)
        {
            var input = Rounded(Norm($"{prefix}post_attention_layernorm", row, 0, row.Length));
            var gate = Rounded(Project($"{prefix}mlp.gate_proj", input, _config.FeedForwardBias));
            var up = Rounded(Project($"{prefix}mlp.up_proj", input, _config.FeedForwardBias));
            for (var i = 0; i < gate.Length; i++)
                up[i] *= gate[i] / (1 + Math.Exp(-gate[i]));
            TensorPrimitives.Add(row, Rounded(Project($"{prefix}mlp.down_proj", Rounded(up), _config.FeedForwardBias)), row);
        }
    }

    private double[][] Attention(string prefix, double[][] inputs)
    {
        int size = _config.HeadDimension, heads = _config.HeadCount;
        var queries = Heads(prefix, "q", inputs, rotate: true);
        var keys = Heads(prefix, "k", inputs, rotate: true);
        var values = Heads(prefix, "v", inputs, rotate: false);
        var outputs = new double[inputs.Length][];
        for (var position = 0; position < inputs.Length; position++)
        {
            var joined = new double[heads * size];
            for (var head = 0; head < heads; head++)
            {
                var source = head / _config.HeadsPerKeyValueHead * size;
                var query = queries[position].AsSpan(head * size, size);
                var weights = new double[position + 1];
                for (var other = 0; other <= position; other++)
                    weights[other] = TensorPrimitives.Dot<double>(query, keys[other].AsSpan(source, size)) / Math.Sqrt(size);
                SoftMax(weights);
                for (var other = 0; other <= position; other++)
                {
                    var output = joined.AsSpan(head * size, size);
                    TensorPrimitives.MultiplyAdd(values[other].AsSpan(source, size), weights[other], output, output);
                }
            }
            outputs[position] = Rounded(Project($"{prefix}o_proj", Rounded(joined), _config.OutputBias));
        }
        return outputs;
    }

    /// <summary>
    /// With rounding, a weight is rounded as a fraction of the largest so far: up to the end of its tile of 64 positions, from the start of
    /// its split of 1,024.
    /// </summary>
    private void SoftMax(double[] scores)
    {
        if (round is null)
        {
            TensorPrimitives.SoftMax<double>(scores, scores);
            return;
        }
        var most = scores.Max();
        var rounded = new double[scores.Length];
        for (var tile = 0; tile < scores.Length; tile += 64)
        {
            var end = Math.Min(tile + 64, scores.Length);
            var largest = scores[(tile / 1024 * 1024)..end].Max();
            for (var i = tile; i < end; i++)
                rounded[i] = round(Math.Exp(scores[i] - largest)) * Math.Exp(largest - most);
        }
        TensorPrimitives.Divide(rounded, rounded.Sum(), scores);
    }

    private double[][] Heads(string prefix, string which, double[][] inputs, bool rotate)
    {
        var rows = inputs.Select(row => Rounded(Project($"{prefix}{which}_proj", row, _config.QueryKeyValueBias))).ToArray();
        var size = _config.HeadDimension;
        for (var position = 0; rotate && position < rows.Length; position++)
        {
            for (var first = 0; first < rows[position].Length; first += size)
            {
                if (_config.QueryKeyNorm)
                    Norm($"{prefix}{which}_norm", rows[position], first, size).CopyTo(rows[position].AsSpan(first));
                ReferenceRope.Rotate(_config.Rope, rows[position].AsSpan(first, size), position);
            }
            Rounded(rows[position]);
        }
        return rows;
    }

    private double[] Rounded(double[] row)
    {
        for (var i = 0; round is not null && i < row.Length; i++)
            row[i] = round(row[i]);
        return row;
    }

    private double[] Norm(string name, double[] row, int first, int count)
    {
        var values = row.AsSpan(first, count);
        var scale = 1 / Math.Sqrt((TensorPrimitives.SumOfSquares<double>(values) / count) + _config.RmsNormEpsilon);
        var normed = new double[count];
        TensorPrimitives.Multiply(values, scale, normed);
        TensorPrimitives.Multiply<double>(normed, model.Values($"{name}.weight"), normed);
        return normed;
    }

    private double[] Project(string name, double[] input, bool bias)
    {
        var weights = model.Values($"{name}.weight");
        var output = new double[weights.Length / input.Length];
        for (var i = 0; i < output.Length; i++)
            output[i] = TensorPrimitives.Dot<double>(weights.AsSpan(i * input.Length, input.Length), input);
        if (bias)
            TensorPrimitives.Add<double>(output, model.Values($"{name}.bias"), output);
        return output;
    }
}
