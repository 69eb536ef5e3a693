using System.Numerics;
using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>Device memory that is replaced by more when a step needs more, so that the steps of a steady state find enough.</summary>
internal sealed class GrowingMemory(CudaContext context, long least) : IDisposable
{
    private CudaDeviceVariable<byte> _memory = new(context, least);

    public DevicePointer Pointer => _memory.Pointer;

    public long Size => _memory.SizeInBytes;

    /// <summary>Makes room for so many bytes. True where the memory is another one now: what it held was moved, and nothing may use the
    /// old one any more, so call when <paramref name="stream"/> is idle.</summary>
    /// <exception cref="CudaException">The device has no room for it.</exception>
    public bool Cover(long bytes, CudaStream stream)
    {
        if (bytes <= Size)
            return false;
        stream.Synchronize();
        var larger = new CudaDeviceVariable<byte>(context, (long)BitOperations.RoundUpToPowerOf2((ulong)bytes));
        stream.CopyOnDevice(_memory.Pointer, larger.Pointer, Size);
        stream.Synchronize();
        _memory.Dispose();
        _memory = larger;
        return true;
    }

    public void Dispose() => _memory.Dispose();
}
