using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassAtK.Engine.Checkpoints;

/// <summary>A weight whose rows are copied out of a memory-mapped file, from byte <paramref name="start"/> of it.</summary>
internal sealed partial class MappedTensor(string name, DataType type, int rows, int columns, SafeBuffer mapping, long start)
    : WeightTensor(name, type, rows, columns)
{
    public override void ReadRows(int firstRow, Span<byte> destination)
    {
        CheckRows(firstRow, destination.Length);
        var offset = (ulong)(start + ((long)firstRow * RowLength));
        // ReadSpan copies element by element, so the bulk goes in elements of a cache line.
        var lines = MemoryMarshal.Cast<byte, Line>(destination);
        mapping.ReadSpan(offset, lines);
        var copied = lines.Length * Line.Length;
        mapping.ReadSpan(offset + (ulong)copied, destination[copied..]);
    }

    /// <summary>
    /// The pages that were read count as this process's memory until the system wants them back, so that a model just loaded would seem
    /// to take twice its size. They stay in the file cache.
    /// </summary>
    internal override void Release()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // Whole pages of this tensor alone: its neighbours may be being read.
        var page = (nint)Environment.SystemPageSize;
        var address = mapping.DangerousGetHandle() + (nint)start;
        var first = (address + page - 1) / page * page;
        var end = (address + (nint)((long)Rows * RowLength)) / page * page;
        // Best effort: without it the pages go later.
        if (end > first)
            _ = Advise(first, (nuint)(end - first), DoNotNeed);
    }

    private const int DoNotNeed = 4;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    [InlineArray(Length)]
    private struct Line
    {
        public const int Length = 64;

        private byte _first;
    }
}
