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
        // ReadSpan copies element by element, so the bulk goes in elements of a cache line.
        var lines = MemoryMarshal.Cast<byte, Line>(destination);
        mapping.ReadSpan(offset, lines);
        var copied = lines.Length * Line.Length;
        mapping.ReadSpan(offset + (ulong)copied, destination[copied..]);
    }

    [InlineArray(Length)]
    private struct Line
    {
        public const int Length = 64;

        private byte _first;
    }
}
