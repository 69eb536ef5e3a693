namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>Random inputs of kernels, reproducible by seed.</summary>
internal sealed class RandomRows(int seed)
{
    /// <summary>What outputs hold before a kernel runs: a NaN in BF16, F16 and, doubled, F32.</summary>
    public const ushort Poison = 0x7fd1;

    private readonly Random _random = new(seed);

    public int Int(int from, int toInclusive) => _random.Next(from, toInclusive + 1);

    public T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    public bool Coin() => _random.Next(2) == 0;

    /// <summary>About normal, times <paramref name="scale"/>.</summary>
    public float Float(double scale = 1) =>
        (float)(scale * (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 2) * 1.7);

    public float[] Floats(int count, double scale = 1) => Enumerable.Range(0, count).Select(_ => Float(scale)).ToArray();

    public ushort[] Elements(ElementFormat format, int count, double scale = 1) =>
        Enumerable.Range(0, count).Select(_ => format.Round(Float(scale))).ToArray();

    /// <summary>0 .. count - 1 in random order.</summary>
    public int[] Shuffled(int count)
    {
        var values = Enumerable.Range(0, count).ToArray();
        _random.Shuffle(values);
        return values;
    }

    public static ushort[] Poisoned(int count)
    {
        var values = new ushort[count];
        values.AsSpan().Fill(Poison);
        return values;
    }
}
