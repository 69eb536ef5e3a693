using System.Text.Json.Serialization;
using PassAtK.Engine.Sampling;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// What a run's samples depend on, as stored with them. How many problems and samples, threads, batch and sharing are not here: they
/// change no sample.
/// </summary>
public sealed record RunSettings
{
    /// <summary>Folder of the model; may differ on resume, as the fingerprint tells whether the model does.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Hexadecimal SHA-256 over weights, config and tokenizer.</summary>
    public required string ModelFingerprint { get; init; }

    /// <summary>Name of the task's format: `gsm8k`.</summary>
    public required string TaskName { get; init; }

    /// <summary>The task as the person wrote it; the file may have moved on resume, as the problems themselves are compared.</summary>
    public required string TaskSpec { get; init; }

    /// <summary>See <see cref="Tasks.TaskDigest"/>; covers the stored problems and grows with them.</summary>
    public required string TaskDigest { get; init; }

    /// <summary>Hexadecimal SHA-256 of the chat template; empty where prompts are plain.</summary>
    public required string TemplateFingerprint { get; init; }

    /// <summary>How prompts are rendered: `chat` or `plain`.</summary>
    public required string TemplateMode { get; init; }

    public required SamplingParameters Sampling { get; init; }

    public required int MaxTokens { get; init; }

    public required IReadOnlyList<string> Stop { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Device kind: `cpu`, `cuda sm_90`.</summary>
    public required string Backend { get; init; }

    /// <summary>Version of the product that made the first samples; another one only draws a warning.</summary>
    public required string ProductVersion { get; init; }

    /// <summary>How samples are allotted to problems; null where each gets as many. Its target and its most samples may change later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AdaptiveDesign? Adaptive { get; init; }

    /// <summary>The first sample index that reports count: an adaptive run's pilot only tells how many samples each problem gets.</summary>
    [JsonIgnore]
    public int FirstCounted => Adaptive?.Pilot ?? 0;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunSettings))]
internal sealed partial class RunSettingsJson : JsonSerializerContext;
