using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>A step's plan in the form in which the device reads it.</summary>
/// <param name="logitsRows">Rows of logits in a part (<see cref="Workspace.LogitsRows"/>).</param>
internal sealed class StepUpload(int logitsRows)
{
    /// <summary>Bytes of the arrays whose length follows from the shape.</summary>
    public StepSizes Measure(StepShape shape)
    {
        var sizes = default(StepSizes);
        sizes.Set<int>(StepArray.Counts, StepCounts.FirstPart + (shape.LogitsRows / logitsRows) + 1);
        sizes.Set<int>(StepArray.Tokens, shape.Rows);
        sizes.Set<int>(StepArray.Positions, shape.Rows);
        sizes.Set<int>(StepArray.CacheSlots, shape.Rows);
        sizes.Set<AttentionRange>(StepArray.AttentionRanges, AttentionPlan.MaxLevels);
        sizes.Set<int>(StepArray.LogitsSources, shape.LogitsRows);
        sizes.Set<SampleNucleusRow>(StepArray.SampleRows, shape.LogitsRows);
        return sizes;
    }

    /// <summary>Bytes that the step needs of each array; those that follow from the shape are of the shape's size.</summary>
    public StepSizes Measure(StepPlan plan, AttentionPlan attention, StepShape shape)
    {
        var sizes = Measure(shape);
        sizes.Set<BlockCopy>(StepArray.Copies, plan.Copies.Length);
        sizes.Set<AttentionItem>(StepArray.AttentionItems, attention.Items.Length);
        sizes.Set<int>(StepArray.AttentionBlocks, attention.Blocks.Length);
        sizes.Set<AttentionMergeRow>(StepArray.MergeRows, attention.MergeRows.Length);
        sizes.Set<int>(StepArray.MergeSlots, attention.MergeSlots.Length);
        sizes.Set<int>(StepArray.Samples, plan.Samples.Length);
        return sizes;
    }

    /// <summary>Writes all arrays into <paramref name="memory"/>, which has the <see cref="StepLayout.Used"/> size.</summary>
    public void Write(StepPlan plan, AttentionPlan attention, StepLayout layout, Span<byte> memory)
    {
        var counts = layout.In<int>(memory, StepArray.Counts);
        counts[StepCounts.Rows] = plan.RowCount;
        counts[StepCounts.Copies] = plan.Copies.Length;
        counts[StepCounts.MergeRows] = attention.MergeRows.Length;
        for (var part = 0; StepCounts.FirstPart + part < counts.Length; part++)
            counts[StepCounts.FirstPart + part] = (int)Math.Clamp(plan.Logits.Length - ((long)part * logitsRows), 0, logitsRows);
        plan.Tokens.CopyTo(layout.In<int>(memory, StepArray.Tokens));
        plan.Copies.CopyTo(layout.In<BlockCopy>(memory, StepArray.Copies));
        attention.Levels.CopyTo(layout.In<AttentionRange>(memory, StepArray.AttentionRanges));
        attention.Items.CopyTo(layout.In<AttentionItem>(memory, StepArray.AttentionItems));
        attention.Blocks.CopyTo(layout.In<int>(memory, StepArray.AttentionBlocks));
        attention.MergeRows.CopyTo(layout.In<AttentionMergeRow>(memory, StepArray.MergeRows));
        attention.MergeSlots.CopyTo(layout.In<int>(memory, StepArray.MergeSlots));
        plan.Samples.CopyTo(layout.In<int>(memory, StepArray.Samples));
        WriteRows(plan, layout.In<int>(memory, StepArray.Positions), layout.In<int>(memory, StepArray.CacheSlots));
        WriteLogits(plan, layout.In<int>(memory, StepArray.LogitsSources), layout.In<SampleNucleusRow>(memory, StepArray.SampleRows));
    }

    private static void WriteRows(StepPlan plan, Span<int> positions, Span<int> slots)
    {
        const int BlockSize = BlockTable.BlockSize;
        foreach (var group in plan.Groups)
        {
            var blocks = group.Blocks.Blocks;
            for (var i = 0; i < group.RowCount; i++)
            {
                var position = group.FirstPosition + i;
                positions[group.FirstRow + i] = position;
                slots[group.FirstRow + i] = (blocks[position / BlockSize] * BlockSize) + (position % BlockSize);
            }
        }
    }

    private static void WriteLogits(StepPlan plan, Span<int> sources, Span<SampleNucleusRow> rows)
    {
        for (var i = 0; i < plan.Logits.Length; i++)
        {
            ref readonly var logits = ref plan.Logits[i];
            sources[i] = logits.Row;
            rows[i] = new SampleNucleusRow
            {
                Temperature = logits.Parameters.Temperature,
                TopP = logits.Parameters.TopP,
                MinP = logits.Parameters.MinP,
                TopK = logits.Parameters.TopK,
                Seed = logits.Seed,
                ProblemKey = logits.ProblemKey,
                Position = logits.Position,
                FirstDraw = logits.FirstDraw,
                DrawCount = logits.DrawCount,
                Mode = logits.Scores ? SampleNucleusRow.Score : SampleNucleusRow.Draw,
            };
        }
    }
}
