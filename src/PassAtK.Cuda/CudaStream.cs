using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>Work that runs in the order it was given, beside other streams. Calls return before the work is done.</summary>
public sealed unsafe class CudaStream : IDisposable
{
    private readonly nint _handle;
    private bool _disposed;

    public CudaStream(CudaContext context)
    {
        Context = context;
        context.Check(DriverApi.StreamCreate(out _handle, DriverApi.StreamNonBlocking), "cuStreamCreate");
    }

    /// <summary>The CUstream.</summary>
    public nint Handle => _handle;

    internal CudaContext Context { get; }

    /// <summary>Waits until all work given so far is done.</summary>
    public void Synchronize() => Context.Check(DriverApi.StreamSynchronize(_handle), "cuStreamSynchronize");

    /// <summary>Lets what is given from here on wait for an event of another stream.</summary>
    public void Wait(CudaEvent signal) => Context.Check(DriverApi.StreamWaitEvent(_handle, signal.Handle, 0), "cuStreamWaitEvent");

    /// <summary>Whether all work given so far is done.</summary>
    public bool IsDone
    {
        get
        {
            var result = DriverApi.StreamQuery(_handle);
            if (result != DriverApi.NotReady)
                Context.Check(result, "cuStreamQuery");
            return result == 0;
        }
    }

    /// <summary>Copies `count` values from `source[from..]`. The host leaves them alone until the copy is done.</summary>
    public void CopyToDevice<T>(PinnedBuffer<T> source, long from, DevicePointer to, long count) where T : unmanaged
    {
        source.CheckRange(from, count);
        if (count != 0)
            Context.Check(
                DriverApi.CopyHostToDeviceAsync(to.Address, source.Address + from, (nuint)(count * sizeof(T)), _handle), "cuMemcpyHtoDAsync");
    }

    /// <summary>Copies `count` values to `target[to..]`, where they are once the stream has come so far.</summary>
    public void CopyToHost<T>(DevicePointer source, PinnedBuffer<T> target, long to, long count) where T : unmanaged
    {
        target.CheckRange(to, count);
        if (count != 0)
            Context.Check(
                DriverApi.CopyDeviceToHostAsync(target.Address + to, source.Address, (nuint)(count * sizeof(T)), _handle), "cuMemcpyDtoHAsync");
    }

    /// <summary>Copies between ranges of device memory that do not overlap.</summary>
    public void CopyOnDevice(DevicePointer from, DevicePointer to, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes != 0)
            Context.Check(DriverApi.CopyDeviceToDeviceAsync(to.Address, from.Address, (nuint)bytes, _handle), "cuMemcpyDtoDAsync");
    }

    /// <summary>Sets bytes of device memory.</summary>
    public void Fill(DevicePointer to, byte value, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes != 0)
            Context.Check(DriverApi.FillBytesAsync(to.Address, value, (nuint)bytes, _handle), "cuMemsetD8Async");
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _ = DriverApi.StreamDestroy(_handle);
    }
}
