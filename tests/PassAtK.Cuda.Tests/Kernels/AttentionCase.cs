namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>
/// Rows over a paged cache, and their attention in double precision. Places that no row may read hold NaN: positions past a table's end,
/// blocks that no table names.
/// </summary>
internal sealed class AttentionCase
{
    public const ushort NaN = 0xffff;

    private AttentionCase(int headDimension, int heads, int keyValueHeads, bool f16, int[] positions, int[][] tables)
    {
        (HeadDimension, Heads, KeyValueHeads, F16, Positions, Tables) = (headDimension, heads, keyValueHeads, f16, positions, tables);
    }

    public int HeadDimension { get; }
    public int Heads { get; }
    public int KeyValueHeads { get; }
    public bool F16 { get; }

    /// <summary>`[rows]`.</summary>
    public int[] Positions { get; }

    /// <summary>`[rows][blocks]`: block numbers; rows of one branch have the same array.</summary>
    public int[][] Tables { get; }

    /// <summary>Element `[rows, (heads + 2 kv heads) * head dimension]`; what follows the queries is NaN.</summary>
    public ushort[] Queries { get; private init; } = [];

    /// <summary>Element `[blocks][2][kv heads][16][head dimension]`.</summary>
    public ushort[] Cache { get; private init; } = [];

    public int Rows => Positions.Length;

    public int QueryStride => (Heads + (2 * KeyValueHeads)) * HeadDimension;

    /// <summary>A case with normal queries, keys and values; tables may name blocks in any order.</summary>
    public static AttentionCase Create(
        int headDimension, int group, int keyValueHeads, bool f16, int[] positions, int[][] tables, Random random)
    {
        var heads = group * keyValueHeads;
        var stride = (heads + (2 * keyValueHeads)) * headDimension;
        var queries = new ushort[positions.Length * stride];
        Array.Fill(queries, NaN);
        for (var row = 0; row < positions.Length; row++)
        {
            for (var i = 0; i < heads * headDimension; i++)
                queries[(row * stride) + i] = ToElement(Normal(random), f16);
        }
        var blockElements = 2 * keyValueHeads * 16 * headDimension;
        var cache = new ushort[(tables.Max(table => table.Max()) + 2) * blockElements];
        Array.Fill(cache, NaN);
        var written = new HashSet<(int, int)>();
        for (var row = 0; row < positions.Length; row++)
        {
            for (var position = 0; position <= positions[row]; position++)
            {
                var block = tables[row][position / 16];
                if (!written.Add((block, position % 16)))
                    continue;
                for (var part = 0; part < 2 * keyValueHeads; part++)
                {
                    var first = (block * blockElements) + (((part * 16) + (position % 16)) * headDimension);
                    for (var i = 0; i < headDimension; i++)
                        cache[first + i] = ToElement(Normal(random), f16);
                }
            }
        }
        return new AttentionCase(headDimension, heads, keyValueHeads, f16, positions, tables) { Queries = queries, Cache = cache };
    }

    /// <summary>Fails unless `output` is near the attention in double precision, by what rounding to elements allows.</summary>
    public void Check(ushort[] output)
    {
        var unit = F16 ? Math.ScaleB(1, -11) : Math.ScaleB(1, -8);
        var weights = new double[Positions.Max() + 1];
        for (var row = 0; row < Rows; row++)
        {
            for (var head = 0; head < Heads; head++)
            {
                var sum = Weigh(row, head, weights);
                for (var i = 0; i < HeadDimension; i++)
                {
                    double expected = 0, size = 0;
                    for (var position = 0; position <= Positions[row]; position++)
                    {
                        var value = weights[position] / sum * Cached(row, position, KeyValueHeads + (head / (Heads / KeyValueHeads)), i);
                        expected += value;
                        size += Math.Abs(value);
                    }
                    var actual = ToDouble(output[(((row * Heads) + head) * HeadDimension) + i], F16);
                    // Probabilities, their sum and the output are rounded.
                    Assert.True(
                        Math.Abs(actual - expected) <= (3 * unit * size) + 1e-6,
                        $"Row {row}, head {head}, element {i}: {actual}, expected {expected}.");
                }
            }
        }
    }

    private double Weigh(int row, int head, double[] weights)
    {
        var largest = double.NegativeInfinity;
        for (var position = 0; position <= Positions[row]; position++)
        {
            var score = 0.0;
            for (var i = 0; i < HeadDimension; i++)
            {
                score += ToDouble(Queries[(row * QueryStride) + (head * HeadDimension) + i], F16)
                    * Cached(row, position, head / (Heads / KeyValueHeads), i);
            }
            weights[position] = score / Math.Sqrt(HeadDimension);
            largest = Math.Max(largest, weights[position]);
        }
        var sum = 0.0;
        for (var position = 0; position <= Positions[row]; position++)
            sum += weights[position] = Math.Exp(weights[position] - largest);
        return sum;
    }

    private double Cached(int row, int position, int part, int i)
    {
        var block = Tables[row][position / 16];
        return ToDouble(Cache[(((((block * 2 * KeyValueHeads) + part) * 16) + (position % 16)) * HeadDimension) + i], F16);
    }

    public static double ToDouble(ushort element, bool f16) =>
        f16 ? (double)BitConverter.UInt16BitsToHalf(element) : BitConverter.UInt32BitsToSingle((uint)element << 16);

    public static ushort ToElement(double value, bool f16)
    {
        if (f16)
            return BitConverter.HalfToUInt16Bits((Half)value);
        var bits = BitConverter.SingleToUInt32Bits((float)value);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
