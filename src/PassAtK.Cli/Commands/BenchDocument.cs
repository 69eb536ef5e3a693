using System.Text.Json.Serialization;
using PassAtK.Engine.Benchmarking;

namespace PassAtK.Cli.Commands;

/// <summary>The JSON of `passatk bench`; `LoadSeconds` is the time from an open checkpoint to a backend that can run.</summary>
internal sealed record BenchDocument(
    string Version, string Model, string? Dtype, string Backend, DoctorReport.CpuFacts Cpu, int? Threads, bool Share, bool Distinct, int Prompt,
    int Generate, int Repetitions, float Temperature, float TopP, double LoadSeconds, IReadOnlyList<BenchDocument.Result> Results,
    BenchDocument.MemoryFacts Memory, Ceilings? Ceilings)
{
    /// <summary>What --compare found; null without it.</summary>
    public IReadOnlyList<ComparedResult>? Comparison { get; init; }

    internal sealed record Result(
        int Prompt, int Batch, double DecodeTokensPerSecond, double PrefillTokensPerSecond, double ComputedRowsPerSecond, double DecodeSeconds,
        double DecodeSpread, int DecodeSteps, IReadOnlyList<ContextResult> Contexts, IReadOnlyList<RepetitionTime>? Repetitions,
        IReadOnlyList<PhaseResult>? Phases);

    /// <summary>
    /// A step at one context of --at: its time, its least work, and the work's least time over it where ceilings were measured.
    /// </summary>
    internal sealed record ContextResult(
        int Context, double StepSeconds, double TokensPerSecond, long WeightBytes, long KeyValueBytes, long Bytes, double Flops, double? Roofline);

    /// <summary>
    /// A phase of decoding, an average step: its time and its share of the step; its least work, where that is counted, and what was
    /// reached.
    /// </summary>
    internal sealed record PhaseResult(
        string Phase, double StepSeconds, double Share, double? Bytes, double? Flops, double? BytesPerSecond, double? FlopsPerSecond,
        double? OfCeiling);

    /// <summary>One measurement now against the same of an older document: `change` is none, slower, faster or tooFew.</summary>
    internal sealed record ComparedResult(
        int Prompt, int Batch, string Measure, double Ratio, double Probability,
        [property: JsonConverter(typeof(ChangeConverter))] Change Change);

    internal sealed record MemoryFacts(long CurrentBytes, long PeakBytes, long WeightBytes, long KeyValueBytes, long WorkspaceBytes);

    /// <summary>Names in camelCase, without reflection.</summary>
    internal sealed class ChangeConverter() : JsonStringEnumConverter<Change>(System.Text.Json.JsonNamingPolicy.CamelCase);
}
