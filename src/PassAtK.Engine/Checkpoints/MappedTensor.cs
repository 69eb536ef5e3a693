using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassAtK.Engine.Checkpoints;

/// <summary>A weight whose rows are copied out of a memory-mapped file, from byte <paramref name="start"/> of it.</summary>
internal sealed class MappedTensor(string name, DataType type, int rows, int columns, SafeBuffer mapping, long start)
    : WeightTensor(name, type, rows, columns)
{
    public override void ReadRows(int firstRow, Span<byte> destination)
    {
        CheckRows(firstRow, destination.Length);
        var offset = (ulong)(start + ((long)firstRow * RowLength));
        // ReadSpan copies element by element, so the bulk goes in elements of a page.
        var pages = MemoryMarshal.Cast<byte, Page>(destination);
        mapping.ReadSpan(offset, pages);
        var copied = pages.Length * Page.Length;
        mapping.ReadSpan(offset + (ulong)copied, destination[copied..]);
    }

    [InlineArray(Length)]
    private struct Page
    {
        public const int Length = 4096;

        private byte _first;
    }
}
