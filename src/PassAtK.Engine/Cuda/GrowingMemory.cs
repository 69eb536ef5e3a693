using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Device memory that is replaced by more when a step needs more, so that the steps of a steady state find enough. Nothing at first.
/// </summary>
/// <param name="context">The device.</param>
/// <param name="what">What it holds, for the message where the device has no room.</param>
/// <param name="keeps">Whether what it holds survives growing; otherwise the old memory is freed before more is asked for.</param>
internal sealed class GrowingMemory(CudaContext context, string what, bool keeps = false) : IDisposable
{
    private CudaDeviceVariable<byte>? _memory;

    public DevicePointer Pointer => _memory?.Pointer ?? default;

    public long Size => _memory?.SizeInBytes ?? 0;

    /// <summary>
    /// Makes room for so many bytes, more than there are, and half as much again as before. The memory is another one then, or none where
    /// this fails: <paramref name="stream"/> must be idle, and no graph may refer to the old one.
    /// </summary>
    /// <exception cref="CudaException">The device has no room for it.</exception>
    public void Grow(long bytes, CudaStream stream)
    {
        var wanted = Math.Max(bytes, Size + (Size / 2));
        if (!keeps)
        {
            _memory?.Dispose();
            _memory = null;
        }
        var larger = DeviceAllocation.Of<byte>(context, wanted, what);
        if (_memory is not null)
        {
            stream.CopyOnDevice(_memory.Pointer, larger.Pointer, Size);
            stream.Synchronize();
            _memory.Dispose();
        }
        _memory = larger;
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _memory = null;
    }
}
