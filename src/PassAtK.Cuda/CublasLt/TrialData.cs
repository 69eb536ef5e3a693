namespace PassAtK.Cuda;

/// <summary>
/// Weights and inputs whose products nearly cancel: w[o, k + K/2] = w[o, k] and x[k + K/2] = -x[k], but for a little noise. What is left of
/// a sum is then mostly what rounding made of its partial sums, so another order of additions gives other bits, in F32 and after
/// rounding to Element.
/// </summary>
internal static class TrialData
{
    /// <summary>Distinct rows of inputs.</summary>
    public const int Rows = 16;

    /// <summary>Distinct rows of weights, repeated; a prime, so that no tile's columns fall on the same ones.</summary>
    public const int WeightRows = 61;

    /// <summary>Of the size of the rounding errors of F32 sums of a few thousand products; exact in F16.</summary>
    private const float Noise = 1.0f / (1 << 17);

    private const int NoiseEvery = 64;

    /// <summary>Inputs `[Rows, InputStride]` as Element bits; each row of its own seed.</summary>
    public static ushort[] Inputs(ProjectionShape shape)
    {
        var inputs = new ushort[Rows * shape.InputStride];
        var half = shape.Inputs / 2;
        for (var row = 0; row < Rows; row++)
        {
            var random = new Random(1000 + row);
            var values = inputs.AsSpan(row * shape.InputStride, shape.Inputs);
            for (var k = 0; k < half; k++)
            {
                var isNoise = k % NoiseEvery == row;
                var value = random.NextSingle() * 2 - 1;
                values[k] = isNoise ? (ushort)0 : Element(value, shape);
                values[k + half] = Element(isNoise ? value * Noise : -value, shape);
            }
        }
        return inputs;
    }

    /// <summary>Weights `[WeightRows, Inputs]` as Element bits.</summary>
    public static ushort[] Weights(ProjectionShape shape)
    {
        var weights = new ushort[WeightRows * shape.Inputs];
        var random = new Random(1);
        var half = shape.Inputs / 2;
        for (var row = 0; row < WeightRows; row++)
        {
            var values = weights.AsSpan(row * shape.Inputs, shape.Inputs);
            for (var k = 0; k < half; k++)
                values[k] = values[k + half] = Element(random.NextSingle() * 2 - 1, shape);
        }
        return weights;
    }

    /// <summary>Biases `[Outputs]`, small enough to hide nothing.</summary>
    public static float[] Biases(ProjectionShape shape)
    {
        var random = new Random(2);
        var biases = new float[shape.HasBias ? shape.Outputs : 0];
        for (var i = 0; i < biases.Length; i++)
            biases[i] = (random.NextSingle() * 2 - 1) * Noise;
        return biases;
    }

    /// <summary>
    /// Rows of a product to look at, where row i has input i modulo <see cref="Rows"/>: all of a small one, else 65 spread over it, which
    /// hold every input.
    /// </summary>
    public static IEnumerable<int> Places(int rows)
    {
        const int most = 64;
        if (rows <= most)
            return Enumerable.Range(0, rows);
        return Enumerable.Range(0, most).Select(place => Place(place, rows)).Append(rows - 1);

        static int Place(int place, int rows)
        {
            var row = (int)((long)place * rows / most) / Rows * Rows + place % Rows;
            return row < rows ? row : row - Rows;
        }
    }

    private static ushort Element(float value, ProjectionShape shape) =>
        shape.ElementF16 ? BitConverter.HalfToUInt16Bits((Half)value) : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
}
