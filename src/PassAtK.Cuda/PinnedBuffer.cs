using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>Host memory that the device reads and writes itself, so copies need not wait for the host. Starts as zeros.</summary>
public sealed unsafe class PinnedBuffer<T> : IDisposable where T : unmanaged
{
    private nint _address;

    public PinnedBuffer(CudaContext context, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, int.MaxValue);
        context.RefuseWhileCapturing($"Pinned memory for {length} values cannot be allocated");
        Length = length;
        var bytes = (nuint)Math.Max(1, length * sizeof(T));
        context.Check(DriverApi.HostAllocate(out _address, bytes), "cuMemAllocHost");
        Span.Clear();
    }

    /// <summary>In values.</summary>
    public long Length { get; }

    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address == 0, this);
            return new Span<T>((void*)_address, (int)Length);
        }
    }

    public ref T this[int index] => ref Span[index];

    internal T* Address => (T*)_address;

    internal void CheckRange(long from, long count)
    {
        ObjectDisposedException.ThrowIf(_address == 0, this);
        if (from < 0 || count < 0 || count > Length - from)
            throw new ArgumentOutOfRangeException(nameof(from), $"{count} values at {from} of a pinned buffer of {Length}");
    }

    public void Dispose()
    {
        if (_address == 0)
            return;
        _ = DriverApi.HostFree(_address);
        _address = 0;
    }
}
