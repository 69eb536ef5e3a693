using System.Runtime.InteropServices;
using PassAtK.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>Device memory of random numbers: zeros would hide wrong indices and can run faster than real data.</summary>
internal static class RandomMemory
{
    private const int Period = 1 << 20;

    /// <summary>BF16 elements, uniform in [-1, 1); a random stretch is repeated, copied on the device.</summary>
    public static CudaDeviceVariable<ushort> BrainFloats(CudaContext context, CudaStream stream, long length) =>
        Repeat(context, stream, length, static random => (ushort)(BitConverter.SingleToUInt32Bits((random.NextSingle() * 2) - 1) >> 16));

    /// <summary>Normal F32 numbers of standard deviation 3, the spread of a trained model's logits.</summary>
    public static CudaDeviceVariable<float> Logits(CudaContext context, CudaStream stream, long length) => Repeat(
        context, stream, length,
        static random => 3 * MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle()));

    private static CudaDeviceVariable<T> Repeat<T>(CudaContext context, CudaStream stream, long length, Func<Random, T> next)
        where T : unmanaged
    {
        var memory = new CudaDeviceVariable<T>(context, length);
        var random = new Random(1);
        var first = new T[(int)Math.Min(length, Period)];
        for (var index = 0; index < first.Length; index++)
            first[index] = next(random);
        memory.CopyFrom(first);
        var size = Marshal.SizeOf<T>();
        for (long filled = first.Length; filled < length; filled *= 2)
            stream.CopyOnDevice(memory.Pointer, memory.At(filled), Math.Min(filled, length - filled) * size);
        stream.Synchronize();
        return memory;
    }
}
