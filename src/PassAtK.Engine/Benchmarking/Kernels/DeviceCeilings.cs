using PassAtK.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>What a CUDA device reaches at best: a large copy and a large product.</summary>
public static class DeviceCeilings
{
    private const int Repetitions = 7;

    /// <summary>Takes a few tens of milliseconds on a GPU and up to 2 GiB of its memory, given back before it returns.</summary>
    /// <exception cref="CudaException">The device does not do it.</exception>
    public static Ceilings Measure()
    {
        using var context = CudaContext.Create();
        using var compiler = new KernelCompiler(context, new CubinCache(CubinCache.DefaultFolder));
        var sizes = new KernelSizes(8192, 1, 1, 1, 1, 1, 16, 8192, 8192, 1, Repetitions);
        if (context.IsSimt)
            sizes = sizes.Small();
        var product = ProductBenchmark.MeasureBest(context, compiler, sizes);
        return new Ceilings(
            context.Device.Name, "copies", CopyBandwidth.Measure(context) * 1e9, product.Flops / product.Microseconds * 1e6, product.By);
    }
}
