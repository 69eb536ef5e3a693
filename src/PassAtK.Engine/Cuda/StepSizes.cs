using System.Runtime.CompilerServices;

namespace PassAtK.Engine.Cuda;

/// <summary>Bytes of each array of a step.</summary>
internal struct StepSizes
{
    /// <summary>How many arrays there are.</summary>
    public const int Arrays = (int)StepArray.AttentionBlocks + 1;

    private Sizes _bytes;

    public long this[StepArray array]
    {
        readonly get => _bytes[(int)array];
        set => _bytes[(int)array] = value;
    }

    public void Set<T>(StepArray array, long count)
        where T : unmanaged =>
        _bytes[(int)array] = count * Unsafe.SizeOf<T>();

    [InlineArray(Arrays)]
    private struct Sizes
    {
        private long _first;
    }
}
