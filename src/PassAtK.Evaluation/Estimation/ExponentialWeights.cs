using System.Buffers;
using System.Numerics;
using PassAtK.Engine.Sampling;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The weights that one resample of the Bayesian bootstrap gives to problems: independent standard exponential numbers, which divided by
/// their sum are uniform over all ways of weighing the problems. Source: Rubin, "The Bayesian bootstrap", Annals of Statistics 9, 1981.
/// </summary>
/// <remarks>
/// Problem j of resample r takes word j % 4 of the Philox block with key = seed and counter = (j / 4, r, 0, 0) and weighs -ln u with
/// u = (word + 1/2) / 2^32. Only sums, products and roots of doubles are used, which are the same on every machine; a library's
/// logarithm is not.
/// </remarks>
internal static class ExponentialWeights
{
    // A product of uniform numbers is kept above this before its logarithm is taken; one more factor is at least 2^-33.
    private const double LeastProduct = 1e-280;
    private const double SquareRootOfTwo = 1.4142135623730951;
    private const double LogOfTwo = 0.6931471805599453;

    /// <summary>Adds up the weights of the problems of each row of a table.</summary>
    /// <param name="seed">Key of the random stream.</param>
    /// <param name="resample">Which resample.</param>
    /// <param name="rowOf">The row of each problem; problems of one row are next to each other.</param>
    /// <param name="weights">`[rows]`.</param>
    public static void Fill(ulong seed, int resample, ReadOnlySpan<int> rowOf, Span<double> weights)
    {
        weights.Clear();
        var rented = ArrayPool<double>.Shared.Rent(weights.Length);
        var products = rented.AsSpan(0, weights.Length);
        var (product, row) = (1.0, 0);
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        Span<uint> words = stackalloc uint[4];
        for (var problem = 0; problem < rowOf.Length; problem++)
        {
            if (problem % 4 == 0)
                (words[0], words[1], words[2], words[3]) = Philox.Block((uint)problem / 4, (uint)resample, 0, 0, key0, key1);
            if (rowOf[problem] != row)
            {
                products[row] = product;
                (product, row) = (1, rowOf[problem]);
            }
            else if (product < LeastProduct)
            {
                weights[row] -= Log(product);
                product = 1;
            }
            product *= Uniform(words[problem % 4]);
        }
        products[row] = product;
        SubtractLogs(products, weights);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>
    /// Half a problem's weight: a Gamma(1/2) number, half the square of a normal one by Marsaglia's polar method (SIAM Review 6, 1964).
    /// Attempt i of resample r takes the first two words of the block with counter = (i, r, 1, 0).
    /// </summary>
    public static double Half(ulong seed, int resample)
    {
        for (var attempt = 0u; ; attempt++)
        {
            var (word0, word1, _, _) = Philox.Block(attempt, (uint)resample, 1, 0, (uint)seed, (uint)(seed >> 32));
            var (x, y) = ((2 * Uniform(word0)) - 1, (2 * Uniform(word1)) - 1);
            var square = (x * x) + (y * y);
            if (square < 1)
                return -Log(square) * (x * x / square);
        }
    }

    /// <summary>
    /// The natural logarithm of a normal positive number, to about 2e-16 of itself: ln(2^e m) = e ln 2 + 2 artanh((m - 1) / (m + 1)) with m
    /// between sqrt(1/2) and sqrt(2), artanh by its power series.
    /// </summary>
    internal static double Log(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.UInt64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > SquareRootOfTwo)
            (mantissa, exponent) = (mantissa / 2, exponent + 1);
        var s = (mantissa - 1) / (mantissa + 1);
        var z = s * s;
        var series = 1.0 / 21;
        for (var odd = 19; odd >= 1; odd -= 2)
            series = (series * z) + (1.0 / odd);
        return (exponent * LogOfTwo) + (2 * s * series);
    }

    private static void SubtractLogs(ReadOnlySpan<double> products, Span<double> weights)
    {
        var row = 0;
        for (; row <= weights.Length - Vector<double>.Count; row += Vector<double>.Count)
            (new Vector<double>(weights[row..]) - Log(new Vector<double>(products[row..]))).CopyTo(weights[row..]);
        for (; row < weights.Length; row++)
            weights[row] -= Log(products[row]);
    }

    // The same operations as for one number, so the same bits.
    private static Vector<double> Log(Vector<double> values)
    {
        var bits = Vector.AsVectorUInt64(values);
        var mantissa = Vector.AsVectorDouble((bits & new Vector<ulong>(0xFFFFFFFFFFFFF)) | new Vector<ulong>(0x3FF0000000000000));
        var exponent = Vector.ConvertToDouble(Vector.AsVectorInt64(Vector.ShiftRightLogical(bits, 52)) - new Vector<long>(1023));
        var isLarge = Vector.GreaterThan(mantissa, new Vector<double>(SquareRootOfTwo));
        mantissa = Vector.ConditionalSelect(isLarge, mantissa * 0.5, mantissa);
        exponent = Vector.ConditionalSelect(isLarge, exponent + Vector<double>.One, exponent);
        var s = (mantissa - Vector<double>.One) / (mantissa + Vector<double>.One);
        var z = s * s;
        var series = new Vector<double>(1.0 / 21);
        for (var odd = 19; odd >= 1; odd -= 2)
            series = (series * z) + new Vector<double>(1.0 / odd);
        return (exponent * LogOfTwo) + (2.0 * s * series);
    }

    private static double Uniform(uint word) => (word + 0.5) * (1.0 / (1ul << 32));
}
