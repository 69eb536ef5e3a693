using System.Runtime.InteropServices;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Reference;

/// <summary>
/// A model of small random weights held in memory, the same for the same config, type and seed; the embedding of token
/// `notFinite`, if any, is NaN.
/// </summary>
internal sealed class TinyModel(ModelConfig config, DataType type, int seed = 1, int notFinite = -1) : IWeightSource
{
    private readonly Dictionary<string, Tensor> _tensors = [];

    public ModelConfig Config { get; } = config;

    /// <summary>A config with every size small and none a multiple of what the kernels like.</summary>
    public static ModelConfig SmallConfig { get; } = new()
    {
        Architecture = "LlamaForCausalLM",
        VocabularySize = 131,
        HiddenSize = 70,
        IntermediateSize = 90,
        LayerCount = 2,
        HeadCount = 6,
        KeyValueHeadCount = 2,
        HeadDimension = 32,
        MaxPositions = 4096,
        RmsNormEpsilon = 1e-5f,
        Rope = new RopeParameters { Theta = 10_000 },
    };

    public WeightTensor Get(string name)
    {
        lock (_tensors)
        {
            if (!_tensors.TryGetValue(name, out var tensor))
                _tensors[name] = tensor = Make(name);
            return tensor;
        }
    }

    /// <summary>The elements of a tensor, exactly.</summary>
    public double[] Values(string name) => ((Tensor)Get(name)).Values;

    public void Dispose()
    {
    }

    private Tensor Make(string name)
    {
        var part = name.Split('.').First(piece => piece.EndsWith("proj", StringComparison.Ordinal)
            || piece.EndsWith("norm", StringComparison.Ordinal) || piece is "embed_tokens" or "lm_head");
        int hidden = Config.HiddenSize, ffn = Config.IntermediateSize, keys = Config.KeyValueSize, queries = Config.QuerySize;
        var (rows, columns) = part switch
        {
            "embed_tokens" or "lm_head" => (Config.VocabularySize, hidden),
            "q_proj" => (queries, hidden),
            "k_proj" or "v_proj" => (keys, hidden),
            "o_proj" => (hidden, queries),
            "gate_proj" or "up_proj" => (ffn, hidden),
            "down_proj" => (hidden, ffn),
            "q_norm" or "k_norm" => (1, Config.HeadDimension),
            _ => (1, hidden),
        };
        var isNorm = part.EndsWith("norm", StringComparison.Ordinal);
        if (name.EndsWith(".bias", StringComparison.Ordinal))
            (rows, columns) = (1, rows);
        var hash = name.Aggregate(seed, (sum, letter) => unchecked((sum * 31) + letter));
        var random = new Random(hash);
        var values = new double[rows * columns];
        var scale = rows == 1 ? 0.3 : part == "embed_tokens" ? 1.0 : 2 / Math.Sqrt(columns);
        for (var i = 0; i < values.Length; i++)
            values[i] = Round((isNorm ? 1 : 0) + (scale * ((2 * random.NextDouble()) - 1)));
        if (part == "embed_tokens" && notFinite >= 0)
            values.AsSpan(notFinite * columns, columns).Fill(float.NaN);
        return new Tensor(name, type, rows, columns, values);
    }

    private double Round(double value) => type switch
    {
        DataType.F32 => (float)value,
        DataType.F16 => (double)(Half)value,
        _ => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)value) & 0xFFFF0000),
    };

    private sealed class Tensor(string name, DataType type, int rows, int columns, double[] values)
        : WeightTensor(name, type, rows, columns)
    {
        public double[] Values { get; } = values;

        public override void ReadRows(int firstRow, Span<byte> destination)
        {
            for (var i = 0; i < destination.Length / ElementSize; i++)
            {
                var value = Values[(firstRow * Columns) + i];
                if (Type == DataType.F32)
                    MemoryMarshal.Write(destination[(4 * i)..], (float)value);
                else if (Type == DataType.F16)
                    MemoryMarshal.Write(destination[(2 * i)..], (Half)value);
                else
                    MemoryMarshal.Write(destination[(2 * i)..], (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
            }
        }
    }
}
