namespace PassAtK.Evaluation.Grading.Code;

/// <summary>What a program under test may use.</summary>
internal sealed record CodeLimits
{
    public static CodeLimits Default { get; } = new();

    /// <summary>Time of its own that a sample may take, from loading it to the last test: waiting for a processor does not count.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Multiples of <see cref="Time"/> by the clock on the wall after which a sample is given up.</summary>
    public int MostStretch { get; init; } = 20;

    /// <summary>How often a sample is judged anew where the machine did not let it run.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Bytes of address space.</summary>
    public long Memory { get; init; } = 1L << 30;

    /// <summary>Bytes of a file, and of a result that goes to the tests.</summary>
    public int FileSize { get; init; } = 16 << 20;

    /// <summary>Bytes of all files together.</summary>
    public long TemporarySpace { get; init; } = 64L << 20;

    /// <summary>Calls that the tests may make; more means a loop over what a program gave them without end.</summary>
    public int Calls { get; init; } = 1_000_000;
}
