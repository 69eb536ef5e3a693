using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// How many slots of attention states are set aside before the KV cache takes the rest: what a step of the most rows at the longest
/// positions needs, unless that is more than a part of the free memory. A step that needs more asks for it then, and is refused by name
/// where there is none.
/// </summary>
internal static class AttentionRoom
{
    /// <summary>States may take one byte in so many of what is free.</summary>
    private const int FreeParts = 8;

    /// <param name="context">The device.</param>
    /// <param name="maxRows">Most rows of a step.</param>
    /// <param name="positions">Positions that the longest sequence reaches.</param>
    /// <param name="slotBytes">Bytes of a row's state of all heads.</param>
    public static long Slots(CudaContext context, int maxRows, int positions, long slotBytes)
    {
        // A state for each split, and one for each level that hands a state on.
        var splits = (positions + AttentionPlan.SplitSize - 1) / AttentionPlan.SplitSize;
        var needed = (long)maxRows * (splits + AttentionPlan.MaxLevels - 1);
        return Math.Min(needed, Math.Max(1, context.Memory().Free / FreeParts / slotBytes));
    }
}
