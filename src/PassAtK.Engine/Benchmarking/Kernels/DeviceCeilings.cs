using System.Globalization;
using System.Text.Json.Serialization;
using PassAtK.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>What the device reaches at best: a large copy, bytes read plus bytes written, and a large product.</summary>
/// <param name="Device">The device's name.</param>
/// <param name="CopyBytesPerSecond">Of the copy.</param>
/// <param name="FlopsPerSecond">Of the product.</param>
/// <param name="Product">Who made the product.</param>
public sealed record DeviceCeilings(string Device, double CopyBytesPerSecond, double FlopsPerSecond, string Product)
{
    private const int Repetitions = 7;

    /// <summary>The same for people.</summary>
    [JsonIgnore]
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Device}: copies at {CopyBytesPerSecond / 1e12:0.000} TB/s, {Product} at {FlopsPerSecond / 1e12:0.0} TFLOP/s");

    /// <summary>Takes a few tens of milliseconds on a GPU and up to 2 GiB of its memory, given back before it returns.</summary>
    /// <exception cref="CudaException">The device does not do it.</exception>
    public static DeviceCeilings Measure()
    {
        using var context = CudaContext.Create();
        using var compiler = new KernelCompiler(context, new CubinCache(CubinCache.DefaultFolder));
        var sizes = new KernelSizes(8192, 1, 1, 1, 1, 1, 16, 8192, 8192, 1, Repetitions);
        if (context.IsSimt)
            sizes = sizes.Small();
        var product = ProductBenchmark.MeasureBest(context, compiler, sizes);
        return new DeviceCeilings(
            context.Device.Name, CopyBandwidth.Measure(context) * 1e9, product.Flops / product.Microseconds * 1e6, product.By);
    }
}
