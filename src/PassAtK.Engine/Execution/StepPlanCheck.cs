using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Execution;

/// <summary>Refuses plans that a backend of these limits cannot run, before anything is computed.</summary>
internal sealed class StepPlanCheck(ModelConfig config, int maxRows, int blockCount)
{
    /// <param name="plan">The plan.</param>
    /// <param name="previousDraws">Draws of the step before, which tokens may refer to.</param>
    /// <exception cref="ArgumentException">The plan exceeds the rows, positions, blocks, vocabulary or the step before's draws.</exception>
    public void Check(StepPlan plan, int previousDraws)
    {
        if (plan.RowCount > maxRows)
            throw new ArgumentException($"The step has {plan.RowCount} rows, expected at most {maxRows}.", nameof(plan));
        foreach (var logits in plan.Logits)
            CheckLogits(plan, logits);
        foreach (var group in plan.Groups)
            CheckGroup(group);
        foreach (var copy in plan.Copies)
        {
            if ((uint)copy.Source >= (uint)blockCount || (uint)copy.Destination >= (uint)blockCount)
            {
                throw new ArgumentException(
                    $"A copy goes from block {copy.Source} to block {copy.Destination}, expected 0 to {blockCount - 1}.", nameof(plan));
            }
        }
        foreach (var token in plan.Tokens)
        {
            if (token >= config.VocabularySize)
                throw new ArgumentException($"The step feeds token {token}, expected 0 to {config.VocabularySize - 1}.", nameof(plan));
            if (token < 0 && ~token >= previousDraws)
                throw new ArgumentException($"The step feeds the draw in slot {~token}; the one before had {previousDraws}.", nameof(plan));
        }
    }

    private void CheckLogits(StepPlan plan, in LogitsRow logits)
    {
        if ((uint)logits.Row >= (uint)plan.RowCount)
            throw new ArgumentException($"Logits are wanted of row {logits.Row}, expected 0 to {plan.RowCount - 1}.", nameof(plan));
        if (!logits.Scores)
            return;
        foreach (var target in plan.Samples.Slice(logits.FirstDraw, logits.DrawCount))
        {
            if ((uint)target >= (uint)config.VocabularySize)
                throw new ArgumentException($"A target is {target}, expected 0 to {config.VocabularySize - 1}.", nameof(plan));
        }
    }

    private void CheckGroup(in RowGroup group)
    {
        var positions = (long)group.FirstPosition + group.RowCount;
        if (group.FirstPosition < 0 || positions > config.MaxPositions)
        {
            throw new ArgumentException(
                $"Row {group.FirstRow} to row {group.FirstRow + group.RowCount - 1} end at position {positions - 1}, expected positions "
                + $"below {config.MaxPositions}.",
                nameof(group));
        }
        if ((long)group.Blocks.Count * BlockTable.BlockSize < positions)
        {
            throw new ArgumentException(
                $"Row {group.FirstRow} has {group.Blocks.Count} blocks, expected enough for {positions} positions.", nameof(group));
        }
        if (group.Blocks.Count > blockCount)
        {
            throw new ArgumentException(
                $"Row {group.FirstRow} has {group.Blocks.Count} blocks, expected at most {blockCount}.", nameof(group));
        }
        foreach (var block in group.Blocks.Blocks)
        {
            if ((uint)block >= (uint)blockCount)
                throw new ArgumentException($"Row {group.FirstRow} names block {block}, expected 0 to {blockCount - 1}.", nameof(group));
        }
    }
}
