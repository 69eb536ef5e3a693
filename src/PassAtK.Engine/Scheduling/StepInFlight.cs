using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Scheduling;

/// <summary>
/// A branch's part in a step: rows of logits in row order, the last with a slot for each sample, the others with one slot.
/// </summary>
/// <param name="Branch">The branch.</param>
/// <param name="FirstDraw">First slot of its draws.</param>
/// <param name="LogitsRows">Rows of logits: none while its prefix is not complete, several only where tokens are given.</param>
internal readonly record struct ScheduledBranch(Branch Branch, int FirstDraw, int LogitsRows);

/// <summary>A plan and the branches it is for, kept together until the step is collected; then used again.</summary>
internal sealed class StepInFlight
{
    public StepPlan Plan { get; } = new();

    /// <summary>The branches of the step in row order.</summary>
    public List<ScheduledBranch> Branches { get; } = [];

    public void Clear()
    {
        Plan.Clear();
        Branches.Clear();
    }
}
