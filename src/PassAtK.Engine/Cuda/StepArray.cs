namespace PassAtK.Engine.Cuda;

/// <summary>The arrays of a step that go to the device, together, in one copy.</summary>
internal enum StepArray
{
    /// <summary>int: rows, copies, rows to merge, then the rows of logits in each part (<see cref="StepCounts"/>).</summary>
    Counts,

    /// <summary>int `[rows]`: token id, or ~slot of a draw of the step before.</summary>
    Tokens,

    /// <summary>int `[rows]`.</summary>
    Positions,

    /// <summary>int `[rows]`: where the row's key and value go, block * 16 + position % 16.</summary>
    CacheSlots,

    /// <summary>(source, destination) `[copies]`.</summary>
    Copies,

    /// <summary>One range of items for each level.</summary>
    AttentionRanges,

    AttentionItems,

    MergeRows,

    /// <summary>int: slots of states that the rows to merge refer to.</summary>
    MergeSlots,

    /// <summary>int `[logits rows]`: the row whose logits are wanted.</summary>
    LogitsSources,

    /// <summary>`[logits rows]`: what to draw from them.</summary>
    SampleRows,

    /// <summary>int `[draws]`: sample index, or token to score.</summary>
    Samples,

    /// <summary>int: block numbers that the attention items refer to. Last, because its length varies most.</summary>
    AttentionBlocks,
}

/// <summary>Places in <see cref="StepArray.Counts"/>.</summary>
internal static class StepCounts
{
    public const int Rows = 0;
    public const int Copies = 1;
    public const int MergeRows = 2;

    /// <summary>Rows of logits in the first part; the other parts follow.</summary>
    public const int FirstPart = 3;
}
