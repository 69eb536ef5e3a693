namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>The JSON of `passatk bench --kernel`.</summary>
/// <param name="Kernel">What was timed.</param>
/// <param name="By">Whose it is: this program's kernel, or a library.</param>
/// <param name="Device">On what.</param>
/// <param name="Microseconds">Median.</param>
/// <param name="Fastest">Least of the repetitions.</param>
/// <param name="Slowest">Most of the repetitions.</param>
/// <param name="Bytes">Least bytes to move; 0 where operations bound it.</param>
/// <param name="Flops">Operations.</param>
public sealed record KernelResult(
    string Kernel, string By, string Device, double Microseconds, double Fastest, double Slowest, long Bytes, double Flops)
{
    public int? Batch { get; init; }

    public int? Vocabulary { get; init; }

    public int? Context { get; init; }

    public int? Siblings { get; init; }

    public int? Inputs { get; init; }

    public int? Outputs { get; init; }
}
