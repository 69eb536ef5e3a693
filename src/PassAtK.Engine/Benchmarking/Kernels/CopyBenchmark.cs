using PassAtK.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>A copy from device memory to device memory: the bandwidth that everything else is held to.</summary>
internal static class CopyBenchmark
{
    public static KernelResult Measure(CudaContext context, KernelSizes sizes)
    {
        using var timer = new KernelTimer(context);
        using var source = new CudaDeviceVariable<byte>(context, sizes.Bytes);
        using var target = new CudaDeviceVariable<byte>(context, sizes.Bytes);
        source.Fill(0x5A);
        var timing = timer.Measure(1, sizes.Repetitions, _ => timer.Stream.CopyOnDevice(source.Pointer, target.Pointer, sizes.Bytes));
        return new KernelResult("copy", "passatk", context.Device.Name, timing.Median, timing.Fastest, timing.Slowest, 2 * sizes.Bytes, 0);
    }
}
