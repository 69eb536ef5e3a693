namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>What kernels store activations, weights, keys and values as, on the side of the tests: BF16 or F16 bits and their values.</summary>
internal sealed record ElementFormat(bool IsF16)
{
    public static IReadOnlyList<ElementFormat> All { get; } = [new(false), new(true)];

    /// <summary>Nearest element, ties to even.</summary>
    public ushort Round(float value)
    {
        if (IsF16)
            return BitConverter.HalfToUInt16Bits((Half)value);
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    public float Value(ushort element) => IsF16
        ? (float)BitConverter.UInt16BitsToHalf(element)
        : BitConverter.UInt32BitsToSingle((uint)element << 16);

    /// <summary>
    /// Asserts that <paramref name="actual"/> is the rounding of something within <paramref name="error"/> of the exact result: half a
    /// unit in the last place of the element, and the error of the arithmetic before it.
    /// </summary>
    public void AssertRounded(double exact, ushort actual, double error, string what)
    {
        var value = Value(actual);
        var allowed = (HalfUnit(Math.Abs(exact) + error)) + (2 * error);
        Assert.True(Math.Abs(value - exact) <= allowed, $"{what}: {value:R}, exactly {exact:R}, allowed {allowed:R}");
    }

    private double HalfUnit(double magnitude)
    {
        var smallest = IsF16 ? -14 : -126;
        var exponent = magnitude == 0 ? smallest : Math.Max(smallest, Math.ILogB(magnitude));
        return Math.ScaleB(1, exponent - (IsF16 ? 11 : 8));
    }

    public override string ToString() => IsF16 ? "F16" : "BF16";
}
