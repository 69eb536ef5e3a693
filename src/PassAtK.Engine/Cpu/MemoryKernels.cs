using System.Runtime.InteropServices;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Memory outside the managed heap, aligned to 64 bytes (a cache line and a 512-bit vector), large ones to 2 MiB with huge
/// pages asked for. The pointers are valid until <see cref="Dispose"/>; kernels stay within the sizes their callers allocated.
/// </summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    private const nuint HugePage = 2 << 20;
    private const int AdviseHugePages = 14;

    private byte* _bytes;

    /// <summary>Allocates `size` bytes; without <paramref name="zero"/> their content is arbitrary and no page is touched yet.</summary>
    public NativeBuffer(long size, bool zero = true)
    {
        Size = size;
        var large = size >= 4 * (long)HugePage;
        _bytes = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(size, 64), large ? HugePage : 64);
        // Best effort: without huge pages the results are the same, a little later.
        if (large && OperatingSystem.IsLinux())
            _ = Advise(_bytes, (nuint)size, AdviseHugePages);
        if (zero)
            NativeMemory.Clear(_bytes, (nuint)size);
    }

    ~NativeBuffer() => Free();

    /// <summary>Bytes.</summary>
    public long Size { get; }

    public byte* Bytes => _bytes;

    public float* Floats => (float*)_bytes;

    public static NativeBuffer OfFloats(long count) => new(count * sizeof(float));

    /// <summary>A view of `count` elements from element `first`.</summary>
    public Span<T> Span<T>(long first, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((first + count) * sizeof(T), Size);
        return new Span<T>((T*)_bytes + first, count);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_bytes);
        _bytes = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
