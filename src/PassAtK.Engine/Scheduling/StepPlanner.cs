using System.Runtime.InteropServices;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Scheduling;

/// <summary>A branch's part in the step being planned.</summary>
/// <param name="Branch">The branch.</param>
/// <param name="Rows">Rows computed for it.</param>
/// <param name="FirstDraw">First slot of its draws, or -1 while its prefix is not complete.</param>
internal readonly record struct ScheduledBranch(Branch Branch, int Rows, int FirstDraw);

/// <summary>
/// Chooses what the next step computes. Branches run in order of priority: trees as they were admitted, branches of a tree depth first.
/// A branch that needs a block when none is free takes it from the branch of lowest priority, which is computed again later; so the
/// first branch always runs to its end, whatever the size of the cache.
/// </summary>
internal sealed class StepPlanner(BlockPool pool, int maxRows, EngineStatistics statistics)
{
    private const int BlockSize = BlockTable.BlockSize;

    private readonly List<ScheduledBranch> _scheduled = [];
    private readonly List<int> _targets = [];
    private int[] _rowTokens = new int[BlockSize];
    private int _victimTree;
    private Branch? _victim;
    private long _step;

    public StepPlan Plan { get; } = new();

    /// <summary>The branches of the step in row order.</summary>
    public IReadOnlyList<ScheduledBranch> Scheduled => _scheduled;

    /// <summary>Fills <see cref="Plan"/> from the live trees, in order of priority, admitting further ones while rows and blocks allow.</summary>
    /// <param name="trees">Live trees.</param>
    /// <param name="admit">Appends a tree to <paramref name="trees"/> if one is waiting that fits the free blocks given.</param>
    public void PlanStep(List<SampleTree> trees, Func<int, bool> admit)
    {
        Plan.Clear();
        _scheduled.Clear();
        _step++;
        _victimTree = trees.Count - 1;
        _victim = _victimTree < 0 ? null : trees[_victimTree].Last;

        for (var index = 0; Plan.RowCount < maxRows; index++)
        {
            if (index == trees.Count)
            {
                // Room for the trees at work to grow a while, else the newcomer would soon be preempted.
                if (!admit(pool.FreeCount - _scheduled.Count))
                    return;
                _victimTree = index;
                _victim = trees[index].Last;
            }
            for (var branch = trees[index].First; branch is not null && Plan.RowCount < maxRows; branch = branch.Next)
            {
                if (!TrySchedule(branch, trees))
                    return;
            }
        }
    }

    /// <summary>Gives the branch its rows, or leaves it out for now; false when no branch after it can run either.</summary>
    private bool TrySchedule(Branch branch, List<SampleTree> trees)
    {
        if (branch.Cached == 0 && branch.Previous is { } neighbour)
            AdoptSharedBlocks(branch, neighbour);
        var isFirst = _scheduled.Count == 0;
        var missing = branch.Length - branch.Cached;
        // One that starts or starts again takes only what is free, so that it does not push out others that are further.
        if (!isFirst && missing > 1 && pool.FreeCount < NewBlocks(branch, missing) + _scheduled.Count)
            return true;

        var rows = Math.Min(missing, maxRows - Plan.RowCount);
        if (!TryOwnTail(branch, trees) || !TryExtend(branch, branch.Cached + rows, trees))
            return false;

        var firstRow = Plan.AddRows(RowTokens(branch, rows), branch.Cached, branch.Blocks);
        CountRows(branch, rows);
        var firstDraw = -1;
        if (rows == missing)
            firstDraw = AddDraws(branch, firstRow + rows - 1);
        branch.PlannedStep = _step;
        _scheduled.Add(new ScheduledBranch(branch, rows, firstDraw));
        return true;
    }

    private int AddDraws(Branch branch, int row)
    {
        var tree = branch.Tree;
        var request = tree.Request;
        if (request.Given is not { } given)
            return Plan.AddDraws(row, request.Parameters, request.Seed, tree.ProblemKey, branch.GeneratedCount, branch.Samples);
        _targets.Clear();
        foreach (var sample in branch.Samples)
            _targets.Add(given[sample][branch.GeneratedCount]);
        return Plan.AddScores(row, CollectionsMarshal.AsSpan(_targets));
    }

    /// <summary>A branch without a cache begins with the full blocks of the prefix that it has in common with the branch before it.</summary>
    private void AdoptSharedBlocks(Branch branch, Branch neighbour)
    {
        // At least the last position stays to be computed: its logits are wanted.
        var limit = Math.Min(neighbour.Cached, branch.Length - 1);
        var common = 0;
        while (common < limit && branch.TokenAt(common) == neighbour.TokenAt(common))
            common++;
        for (var index = 0; index < common / BlockSize; index++)
        {
            pool.Share(neighbour.Blocks[index]);
            branch.Blocks.Add(neighbour.Blocks[index]);
        }
        branch.Cached = branch.Blocks.Count * BlockSize;
    }

    private static int NewBlocks(Branch branch, int rows) =>
        ((branch.Cached + rows + BlockSize - 1) / BlockSize) - branch.Blocks.Count;

    /// <summary>Copy on write: a partly filled block that others hold too is copied before the branch writes to it.</summary>
    private bool TryOwnTail(Branch branch, List<SampleTree> trees)
    {
        if (branch.Cached % BlockSize == 0)
            return true;
        var index = branch.Cached / BlockSize;
        while (pool.Holders(branch.Blocks[index]) > 1)
        {
            if (!pool.TryTake(out var copy))
            {
                // The victim may have been the other holder: look again.
                if (!TryPreempt(branch, trees))
                    return false;
                continue;
            }
            var source = branch.Blocks[index];
            Plan.AddCopy(source, copy);
            pool.MarkCopySource(source);
            pool.Release(source);
            branch.Blocks[index] = copy;
        }
        return true;
    }

    private bool TryExtend(Branch branch, int positions, List<SampleTree> trees)
    {
        while (branch.Blocks.Count * BlockSize < positions)
        {
            if (pool.TryTake(out var block))
                branch.Blocks.Add(block);
            else if (!TryPreempt(branch, trees))
                return false;
        }
        return true;
    }

    /// <summary>Takes the blocks of the lowest-priority branch that has any; false when that would be <paramref name="branch"/> itself.</summary>
    private bool TryPreempt(Branch branch, List<SampleTree> trees)
    {
        while (_victimTree >= 0)
        {
            if (_victim is null)
            {
                if (--_victimTree < 0)
                    return false;
                _victim = trees[_victimTree].Last;
                continue;
            }
            if (_victim == branch || _victim.PlannedStep == _step)
                return false;
            var victim = _victim;
            _victim = victim.Previous;
            if (victim.Blocks.Count == 0)
                continue;
            victim.ReleaseBlocks(pool);
            statistics.Preemptions++;
            return true;
        }
        return false;
    }

    private ReadOnlySpan<int> RowTokens(Branch branch, int rows)
    {
        if (_rowTokens.Length < rows)
            _rowTokens = new int[Math.Max(rows, 2 * _rowTokens.Length)];
        for (var row = 0; row < rows; row++)
            _rowTokens[row] = branch.TokenAt(branch.Cached + row);
        return _rowTokens.AsSpan(0, rows);
    }

    private void CountRows(Branch branch, int rows)
    {
        var end = branch.Cached + rows;
        var again = Math.Clamp(branch.Lost - branch.Cached, 0, rows);
        statistics.RecomputedRows += again;
        var promptEnd = Math.Min(end, branch.Tree.Prompt.Length - 1);
        statistics.PrefilledRows += Math.Max(0, promptEnd - branch.Cached - again);
    }
}
