namespace PassAtK.Cuda.Tests.Interop;

/// <summary>An algorithm of a library that is not there: its bits by row count, null where it does not serve.</summary>
internal sealed class FakeAlgorithm(string name, Func<int, string?> bits)
{
    public string Name => name;

    public string? Bits(int rows) => bits(rows);

    public override string ToString() => name;
}

/// <summary>A product of such a library. Times are as the seed has them: noise without end.</summary>
internal sealed class FakeProduct(Func<int, FakeAlgorithm[]> proposals, int seed = 0) : IProductTrial<FakeAlgorithm>
{
    private readonly Random _clock = new(seed);

    /// <summary>Products timed so far.</summary>
    public int Timed { get; private set; }

    /// <summary>Sets the time of an algorithm, in place of noise.</summary>
    public Dictionary<(FakeAlgorithm Algorithm, int Rows), double> Times { get; } = [];

    public IReadOnlyList<FakeAlgorithm> Propose(int rows) => proposals(rows);

    public string? Fingerprint(FakeAlgorithm algorithm, int rows) => algorithm.Bits(rows);

    public double Milliseconds(FakeAlgorithm algorithm, int rows)
    {
        Timed++;
        if (algorithm.Bits(rows) is null)
            return double.PositiveInfinity;
        return Times.TryGetValue((algorithm, rows), out var time) ? time : _clock.NextDouble();
    }
}
