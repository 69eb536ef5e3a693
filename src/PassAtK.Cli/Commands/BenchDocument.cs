using PassAtK.Engine.Benchmarking.Kernels;

namespace PassAtK.Cli.Commands;

/// <summary>The JSON of `passatk bench`; `LoadSeconds` is the time from an open checkpoint to a backend that can run.</summary>
internal sealed record BenchDocument(
    string Version, string Model, string? Dtype, string Backend, DoctorReport.CpuFacts Cpu, int? Threads, bool Share, int Prompt, int Generate,
    int Repetitions, float Temperature, float TopP, double LoadSeconds, IReadOnlyList<BenchDocument.Result> Results, BenchDocument.MemoryFacts Memory,
    DeviceCeilings? Ceilings)
{
    internal sealed record Result(
        int Batch, double DecodeTokensPerSecond, double PrefillTokensPerSecond, double ComputedRowsPerSecond, double DecodeSeconds,
        double DecodeSpread, int DecodeSteps, IReadOnlyList<ContextResult> Contexts);

    /// <summary>A step at one context of --at: its time, its least work, and the work's least time over it where a GPU's ceilings were measured.</summary>
    internal sealed record ContextResult(
        int Context, double StepSeconds, double TokensPerSecond, long WeightBytes, long KeyValueBytes, long Bytes, double Flops, double? Roofline);

    internal sealed record MemoryFacts(long CurrentBytes, long PeakBytes, long WeightBytes, long KeyValueBytes, long WorkspaceBytes);
}
