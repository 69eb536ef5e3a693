using System.Globalization;
using System.Text.Json.Serialization;

namespace PassAtK.Engine.Benchmarking;

/// <summary>What a machine reaches at best, measured in the same run as what is held to it.</summary>
/// <param name="Device">Its name, or the number of threads.</param>
/// <param name="Memory">How bandwidth was measured: copies (bytes read plus bytes written) on a GPU, reads on a CPU.</param>
/// <param name="BytesPerSecond">Bandwidth.</param>
/// <param name="FlopsPerSecond">Arithmetic, two operations a multiply-add.</param>
/// <param name="Product">What the arithmetic was.</param>
public sealed record Ceilings(string Device, string Memory, double BytesPerSecond, double FlopsPerSecond, string Product)
{
    /// <summary>The same for people.</summary>
    [JsonIgnore]
    public string Text => BytesPerSecond >= 1e12
        ? string.Create(CultureInfo.InvariantCulture, $"{Device}: {Memory} at {BytesPerSecond / 1e12:0.000} TB/s, {Product} at {FlopsPerSecond / 1e12:0.0} TFLOP/s")
        : string.Create(CultureInfo.InvariantCulture, $"{Device}: {Memory} at {BytesPerSecond / 1e9:0.0} GB/s, {Product} at {FlopsPerSecond / 1e9:0.0} GFLOP/s");

    /// <summary>The share of a ceiling that some work reached: of the bandwidth or of the arithmetic, whichever is more.</summary>
    public double Share(PhaseWork work, double seconds) => Math.Max(work.Bytes / BytesPerSecond, work.Flops / FlopsPerSecond) / seconds;
}
