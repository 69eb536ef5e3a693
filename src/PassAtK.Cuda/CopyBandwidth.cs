namespace PassAtK.Cuda;

/// <summary>How fast device memory is, measured: the ceiling that kernels bound by memory are held against.</summary>
public static class CopyBandwidth
{
    private const long MaxBytes = 1L << 30;
    private const int Repeats = 5;

    /// <summary>
    /// Device-to-device copies of up to 1 GiB (less where memory is short), the best of a few. Returns 10^9 bytes a second, counting
    /// each byte's read and its write.
    /// </summary>
    public static double Measure(CudaContext context)
    {
        // The SIMT device copies with the CPU: a small buffer says as much.
        var bytes = context.IsSimt ? 1L << 20 : Math.Min(MaxBytes, context.Memory().Free / 4 / 256 * 256);
        using var from = new CudaDeviceVariable<byte>(context, bytes);
        using var to = new CudaDeviceVariable<byte>(context, bytes);
        using var stream = new CudaStream(context);
        using var begin = new CudaEvent(context, timing: true);
        using var end = new CudaEvent(context, timing: true);
        from.Fill(0x5a, stream);
        stream.CopyOnDevice(from.Pointer, to.Pointer, bytes);
        var best = double.PositiveInfinity;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            begin.Record(stream);
            stream.CopyOnDevice(from.Pointer, to.Pointer, bytes);
            end.Record(stream);
            end.Synchronize();
            best = Math.Min(best, CudaEvent.Milliseconds(begin, end));
        }
        return 2 * bytes / (best * 1e6);
    }
}
