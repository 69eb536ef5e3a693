using System.Runtime.CompilerServices;
using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>Device memory whose refusal says what it was for and what helps.</summary>
internal static class DeviceAllocation
{
    private const string LessForSteps = "give the KV cache less (--kv-cache) or a step fewer rows (--batch)";

    /// <param name="context">The device.</param>
    /// <param name="length">In values.</param>
    /// <param name="what">What it will hold, e.g. "the weights".</param>
    /// <param name="advice">What makes room.</param>
    /// <exception cref="CudaException">The device has not so much memory left.</exception>
    public static CudaDeviceVariable<T> Of<T>(CudaContext context, long length, string what, string advice = LessForSteps)
        where T : unmanaged
    {
        try
        {
            return new CudaDeviceVariable<T>(context, length);
        }
        catch (CudaException error) when (IsOutOfMemory(error))
        {
            var (wanted, free) = (Unsafe.SizeOf<T>() * (length / 1e6), context.Memory().Free / 1e6);
            throw new CudaException(
                $"There is no room for {what}: {wanted:0.#} MB of device memory wanted, {free:0.#} MB free: {advice}.");
        }
    }

    /// <summary>Whether the device, or the driver for its own needs, had no memory left.</summary>
    public static bool IsOutOfMemory(CudaException error) => error.Message.Contains("CUDA_ERROR_OUT_OF_MEMORY", StringComparison.Ordinal);
}
