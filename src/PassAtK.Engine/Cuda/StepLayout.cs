using System.Runtime.InteropServices;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Where each array of a step lies in the piece of memory that is uploaded, in bytes from its start. A captured graph reads the arrays at
/// fixed places, so each has room for more than one step needs; a step that needs yet more gets a layout and a graph of its own.
/// </summary>
internal sealed class StepLayout
{
    private const int Alignment = 64;

    private readonly long[] _offsets = new long[StepSizes.Arrays + 1];

    /// <param name="rooms">Bytes of each array, to be rounded up.</param>
    public StepLayout(in StepSizes rooms)
    {
        for (var array = 0; array < StepSizes.Arrays; array++)
            _offsets[array + 1] = _offsets[array] + ((Math.Max(rooms[(StepArray)array], 1) + Alignment - 1) / Alignment * Alignment);
    }

    /// <summary>Bytes of all arrays.</summary>
    public long Size => _offsets[StepSizes.Arrays];

    public long Offset(StepArray array) => _offsets[(int)array];

    public bool Fits(in StepSizes sizes)
    {
        for (var array = 0; array < StepSizes.Arrays; array++)
        {
            if (sizes[(StepArray)array] > Room((StepArray)array))
                return false;
        }
        return true;
    }

    /// <summary>Bytes to upload for a step of these sizes: the last array, with most room to spare, as far as it is used.</summary>
    public long Used(in StepSizes sizes) => Offset(StepArray.AttentionBlocks) + sizes[StepArray.AttentionBlocks];

    /// <summary>An array's place in the host's copy of the memory, as far as the copy goes.</summary>
    public Span<T> In<T>(Span<byte> memory, StepArray array)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(memory[(int)Offset(array)..(int)Math.Min(_offsets[(int)array + 1], memory.Length)]);

    private long Room(StepArray array) => _offsets[(int)array + 1] - _offsets[(int)array];
}
