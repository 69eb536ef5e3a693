using System.Text.Json.Serialization;
using PassAtK.Cli.Commands;
using PassAtK.Engine.Benchmarking.Kernels;

namespace PassAtK.Cli;

/// <summary>The JSON documents that the commands print, camelCase, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchDocument))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(KernelResult))]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(ScoreDocument))]
internal sealed partial class CliJson : JsonSerializerContext;
