using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>An array in device memory; its content is undefined until written.</summary>
public sealed unsafe class CudaDeviceVariable<T> : IDisposable where T : unmanaged
{
    private readonly CudaContext _context;
    private ulong _address;

    /// <exception cref="CudaException">The device has not that much memory left.</exception>
    public CudaDeviceVariable(CudaContext context, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _context = context;
        Length = length;
        context.RefuseWhileCapturing($"Device memory for {length} values cannot be allocated");
        // The driver refuses to allocate nothing.
        var bytes = (nuint)Math.Max(1, SizeInBytes);
        var result = DriverApi.MemoryAllocate(out _address, bytes);
        if (result != 0)
            throw context.Failure(result, $"cuMemAlloc of {bytes / 1e6:0.#} MB");
    }

    /// <summary>In values.</summary>
    public long Length { get; }

    public long SizeInBytes => checked(Length * sizeof(T));

    public DevicePointer Pointer => new(_address);

    /// <summary>The address of a value; `index` may be <see cref="Length"/>, the end.</summary>
    public DevicePointer At(long index)
    {
        CheckRange(index, 0);
        return Pointer + (index * sizeof(T));
    }

    /// <summary>Writes `values` from index `at` on, after all work launched before; done when it returns.</summary>
    public void CopyFrom(ReadOnlySpan<T> values, long at = 0)
    {
        CheckRange(at, values.Length);
        if (values.IsEmpty)
            return;
        _context.Synchronize();
        fixed (T* from = values)
            _context.Check(DriverApi.CopyHostToDevice(At(at).Address, from, (nuint)values.Length * (nuint)sizeof(T)), "cuMemcpyHtoD");
        // The driver returns when it has staged a small copy; streams of ours do not wait for its transfer.
        _context.Synchronize();
    }

    /// <summary>Reads `values.Length` values from index `at` on, after all work launched before.</summary>
    public void CopyTo(Span<T> values, long at = 0)
    {
        CheckRange(at, values.Length);
        if (values.IsEmpty)
            return;
        _context.Synchronize();
        fixed (T* to = values)
            _context.Check(DriverApi.CopyDeviceToHost(to, At(at).Address, (nuint)values.Length * (nuint)sizeof(T)), "cuMemcpyDtoH");
    }

    /// <summary>Sets every byte: in stream order, or without a stream before it returns.</summary>
    public void Fill(byte value, CudaStream? stream = null)
    {
        if (stream is not null)
        {
            stream.Fill(Pointer, value, SizeInBytes);
            return;
        }
        _context.Synchronize();
        if (Length != 0)
            _context.Check(DriverApi.FillBytesAsync(_address, value, (nuint)SizeInBytes, 0), "cuMemsetD8Async");
        _context.Synchronize();
    }

    public void Dispose()
    {
        if (_address == 0)
            return;
        _ = DriverApi.MemoryFree(_address);
        _address = 0;
    }

    private void CheckRange(long from, long count)
    {
        if (from < 0 || count > Length - from)
            throw new ArgumentOutOfRangeException(nameof(from), $"{count} values at {from} of a device array of {Length}");
    }
}
