using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>How intervals are drawn: Bayesian bootstrap over problems. The same settings always give the same intervals.</summary>
public sealed record BootstrapSettings
{
    public static BootstrapSettings Default { get; } = new();

    /// <summary>How many resamples of the problems, from 100 to 1,000,000.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>How often an interval should hold the truth, in (0, 1).</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Key of the random stream.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most threads to use, 0 for one a core. It changes no number.</summary>
    public int Threads { get; init; }

    internal ParallelOptions Parallelism => new() { MaxDegreeOfParallelism = Threads == 0 ? -1 : Threads };

    /// <exception cref="InputException">A value is outside its range.</exception>
    public void Validate()
    {
        if (Resamples is < 100 or > 1_000_000)
            throw new InputException($"bootstrap resamples is {Resamples}, expected 100 to 1000000.");
        if (!(Confidence > 0 && Confidence < 1))
            throw new InputException($"confidence is {Confidence}, expected more than 0 and less than 1.");
        if (Threads < 0)
            throw new InputException($"threads is {Threads}, expected 0 (one a core) or more.");
    }
}
