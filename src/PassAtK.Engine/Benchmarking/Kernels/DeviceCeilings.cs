using System.Globalization;
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

    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Device}: copies at {CopyBytesPerSecond / 1e12:0.000} TB/s, {Product} at {FlopsPerSecond / 1e12:0.0} TFLOP/s");

    /// <summary>Takes a few tens of milliseconds on a GPU and up to 2 GiB of its memory, given back before it returns.</summary>
    /// <exception cref="CudaException">The device does not do it.</exception>
    public static DeviceCeilings Measure()
    {
        using var context = CudaContext.Create();
        using var compiler = new KernelCompiler(context, new CubinCache(CubinCache.DefaultFolder));
        var sizes = Sizes(context);
        var copy = CopyBenchmark.Measure(context, sizes);
        var product = ProductBenchmark.MeasureBest(context, compiler, sizes);
        return new DeviceCeilings(
            context.Device.Name, copy.Bytes / copy.Microseconds * 1e6, product.Flops / product.Microseconds * 1e6, product.By);
    }

    /// <summary>The copy alone.</summary>
    /// <exception cref="CudaException">The device does not do it.</exception>
    public static double MeasureCopy(CudaContext context)
    {
        var copy = CopyBenchmark.Measure(context, Sizes(context));
        return copy.Bytes / copy.Microseconds * 1e6;
    }

    private static KernelSizes Sizes(CudaContext context)
    {
        // A quarter of what is free at most: others may be using the device.
        var bytes = Math.Min(1L << 30, context.Memory().Free / 4);
        var sizes = new KernelSizes(8192, 1, 1, 1, 1, 1, 16, 8192, 8192, bytes, Repetitions);
        return context.IsSimt ? sizes.Small() : sizes;
    }
}
