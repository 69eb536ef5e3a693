namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// A counter of work instead of a clock, so that a verdict does not depend on the machine. A unit is about one operation on a 64-bit
/// word. One owner, one comparison.
/// </summary>
internal sealed class WorkBudget(long units)
{
    private long _left = units;

    /// <exception cref="WorkLimitException">The budget is spent.</exception>
    public void Spend(long units)
    {
        _left -= units;
        if (_left < 0)
            throw new WorkLimitException();
    }

    /// <summary>A budget for one stage: a part of this one, which pays for it at once.</summary>
    public WorkBudget Part(long units)
    {
        Spend(units);
        return new WorkBudget(units);
    }

    /// <summary>Gives back what a part left over.</summary>
    public void Reclaim(WorkBudget part) => _left += Math.Max(0, part._left);
}
