using System.Text.Json.Serialization;
using PassAtK.Evaluation.Auditing;

namespace PassAtK.Evaluation.Reports;

/// <summary>The JSON of reports, generated at compile time: camelCase, indented, null where something cannot be said.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(ScoreReport))]
[JsonSerializable(typeof(SeriesReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
