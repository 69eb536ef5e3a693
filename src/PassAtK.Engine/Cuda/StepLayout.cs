using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Where each array of a step lies in the piece of memory that is uploaded, in bytes from its start. A captured graph reads the arrays at
/// fixed places, so each has room for more than one step needs; a step that needs yet more gets a layout and a graph of its own.
/// </summary>
internal sealed class StepLayout
{
    private const int Arrays = (int)StepArray.Samples + 1;
    private const int Alignment = 64;

    private readonly long[] _offsets = new long[Arrays + 1];

    /// <summary>Room for <paramref name="sizes"/>, rounded up to powers of two, and for all that <paramref name="former"/> had.</summary>
    public StepLayout(StepSizes sizes, StepLayout? former)
    {
        for (var array = 0; array < Arrays; array++)
        {
            var room = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(sizes[(StepArray)array], Alignment));
            if (former is not null)
                room = Math.Max(room, former.Room((StepArray)array));
            _offsets[array + 1] = _offsets[array] + room;
        }
    }

    /// <summary>Bytes of all arrays.</summary>
    public long Size => _offsets[Arrays];

    public long Offset(StepArray array) => _offsets[(int)array];

    public bool Fits(StepSizes sizes)
    {
        for (var array = 0; array < Arrays; array++)
        {
            if (sizes[(StepArray)array] > Room((StepArray)array))
                return false;
        }
        return true;
    }

    /// <summary>An array's place in the host's copy of the memory.</summary>
    public Span<T> In<T>(Span<byte> memory, StepArray array)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(memory[(int)Offset(array)..(int)_offsets[(int)array + 1]]);

    private long Room(StepArray array) => _offsets[(int)array + 1] - _offsets[(int)array];
}

/// <summary>Bytes that a step needs of each array.</summary>
internal struct StepSizes
{
    private Sizes _bytes;

    public readonly long this[StepArray array] => _bytes[(int)array];

    public void Set<T>(StepArray array, long count)
        where T : unmanaged =>
        _bytes[(int)array] = count * Unsafe.SizeOf<T>();

    [InlineArray((int)StepArray.Samples + 1)]
    private struct Sizes
    {
        private long _first;
    }
}
