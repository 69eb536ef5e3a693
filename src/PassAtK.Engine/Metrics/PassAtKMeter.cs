using System.Diagnostics.Metrics;

namespace PassAtK.Engine.Metrics;

/// <summary>
/// The meter "PassAtK", which `dotnet-counters` and OpenTelemetry listen to by that name; `docs/profiling.md` lists its instruments.
/// Names and units follow OpenTelemetry's semantic conventions.
/// </summary>
public static class PassAtKMeter
{
    public const string Name = "PassAtK";

    public static Meter Instance { get; } = new(Name);
}
