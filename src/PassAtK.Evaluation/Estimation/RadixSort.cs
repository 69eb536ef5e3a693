namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// Sorts doubles by their bits, a byte at a time from the lowest, in time proportional to their number: without the calls of a comparer
/// that the library's sort makes for each pair in a native program. Source: Knuth, "The Art of Computer Programming" 3, 5.2.5.
/// </summary>
internal static class RadixSort
{
    private const int Digits = sizeof(ulong), Values = 256;

    /// <summary>Ascending; -0 comes before 0, and a NaN at the end that its sign says.</summary>
    public static void Sort(Span<double> values)
    {
        var (from, to) = (new ulong[values.Length], new ulong[values.Length]);
        Span<int> counts = stackalloc int[Digits * Values];
        counts.Clear();
        for (var i = 0; i < from.Length; i++)
        {
            from[i] = Key(values[i]);
            for (var digit = 0; digit < Digits; digit++)
                counts[(digit * Values) + DigitOf(from[i], digit)]++;
        }
        for (var digit = 0; digit < Digits; digit++)
        {
            var starts = counts.Slice(digit * Values, Values);
            // What all have in common orders nothing.
            if (from.Length == 0 || starts[DigitOf(from[0], digit)] == from.Length)
                continue;
            var start = 0;
            foreach (ref var count in starts)
                (count, start) = (start, start + count);
            foreach (var key in from)
                to[starts[DigitOf(key, digit)]++] = key;
            (from, to) = (to, from);
        }
        for (var i = 0; i < from.Length; i++)
            values[i] = Value(from[i]);
    }

    private static int DigitOf(ulong key, int digit) => (byte)(key >> (8 * digit));

    // Of negative numbers the larger bits are of the smaller number.
    private static ulong Key(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return (ulong)(bits ^ ((bits >> 63) | long.MinValue));
    }

    private static double Value(ulong key)
    {
        var bits = (long)key ^ long.MinValue;
        return BitConverter.Int64BitsToDouble(bits ^ ((bits >> 63) & long.MaxValue));
    }
}
