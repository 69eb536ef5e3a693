using System.Runtime.InteropServices;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Scheduling;

/// <summary>
/// Chooses what the next step computes. Branches run in order of priority: trees as they were admitted, branches of a tree depth first.
/// A branch that needs a block when none is free takes it from the branch of lowest priority, which is computed again later; so the
/// first branch always runs to its end, whatever the size of the cache.
/// </summary>
internal sealed class StepPlanner(BlockPool pool, int maxRows, EngineStatistics statistics)
{
    private const int BlockSize = BlockTable.BlockSize;

    private readonly List<int> _targets = [];
    private int[] _rowTokens = new int[BlockSize];
    private StepInFlight _planned = new();
    private int _victimTree;
    private Branch? _victim;
    private int _waitingRows;
    private bool _restartWaits;
    private long _step;

    /// <summary>
    /// Whether a step planned now, before the draws in flight are known, would be nearly as full as one planned after: in order of
    /// priority, up to a full step, at least 3 of 4 rows belong to branches that need not wait. One that waits counts as a row for each
    /// sample, as it may fork into so many; one for whose prompt or lost prefix no blocks are free counts not at all.
    /// </summary>
    public bool IsWorthRunningAhead(List<SampleTree> trees)
    {
        int ready = 0, waiting = 0;
        foreach (var tree in trees)
        {
            for (var branch = tree.First; branch is not null && ready + waiting < maxRows; branch = branch.Next)
            {
                var room = maxRows - ready - waiting;
                var rows = branch.Reach - branch.Cached;
                if (rows == 0)
                    waiting += Math.Min(WaitingRows(branch), room);
                else if (rows == 1 || NewBlocks(branch, rows) <= pool.FreeCount)
                    ready += Math.Min(rows, room);
            }
        }
        return ready > 0 && ready >= 3 * waiting;
    }

    /// <summary>
    /// Fills <paramref name="step"/> from the live trees, in order of priority, admitting further ones while rows and blocks allow.
    /// </summary>
    /// <param name="step">What was collected or never used.</param>
    /// <param name="trees">Live trees.</param>
    /// <param name="admit">Appends a tree to <paramref name="trees"/> if one is waiting that fits the free blocks given.</param>
    public void PlanStep(StepInFlight step, List<SampleTree> trees, Func<int, bool> admit)
    {
        _planned = step;
        step.Clear();
        _step++;
        _victimTree = trees.Count - 1;
        _victim = _victimTree < 0 ? null : trees[_victimTree].Last;
        _waitingRows = 0;
        _restartWaits = false;
        PlanTrees(trees, admit);
        // Later steps may write to the blocks that this one copies.
        pool.EndStep();
    }

    private void PlanTrees(List<SampleTree> trees, Func<int, bool> admit)
    {
        for (var index = 0; _planned.Plan.RowCount < maxRows; index++)
        {
            if (index == trees.Count)
            {
                // Room for the trees at work to grow a while, else the newcomer would soon be preempted; and none overtakes those that
                // wait for room themselves.
                var growing = _planned.Branches.Count + _waitingRows;
                if (_restartWaits || _planned.Plan.RowCount + _waitingRows >= maxRows || !admit(pool.FreeCount - growing))
                    return;
                _victimTree = index;
                _victim = trees[index].Last;
            }
            for (var branch = trees[index].First; branch is not null && _planned.Plan.RowCount < maxRows; branch = branch.Next)
            {
                if (!TrySchedule(branch, trees))
                    return;
            }
        }
    }

    /// <summary>Most rows that a branch can take in the next step, once the draws are there that it waits for.</summary>
    private static int WaitingRows(Branch branch) => branch.PlannedCount < branch.Limit ? branch.Samples.Length : 0;

    /// <summary>Gives the branch its rows, or leaves it out for now; false when no branch after it can run either.</summary>
    private bool TrySchedule(Branch branch, List<SampleTree> trees)
    {
        if (branch.Reach == branch.Cached)
        {
            _waitingRows += WaitingRows(branch);
            return true;
        }
        if (branch.Cached == 0 && branch.Previous is { } neighbour)
            AdoptSharedBlocks(branch, neighbour);
        var isFirst = branch == trees[0].First;
        var missing = branch.Reach - branch.Cached;
        // One that starts or starts again takes only what is free, so that it does not push out others that are further.
        if (!isFirst && missing > 1 && pool.FreeCount < NewBlocks(branch, missing) + _planned.Branches.Count)
        {
            _restartWaits = true;
            return true;
        }

        var rows = Math.Min(missing, maxRows - _planned.Plan.RowCount);
        if (!TryReserve(branch, rows, trees))
            return false;
        var firstRow = _planned.Plan.AddRows(RowTokens(branch, rows), branch.Cached, branch.Blocks);
        AddDraws(branch, firstRow, rows);
        CountRows(branch, rows);
        branch.Cached += rows;
        branch.PlannedStep = _step;
        return true;
    }

    /// <summary>Asks for the draws of the branch's rows from <paramref name="firstRow"/> on, where there are any to make.</summary>
    private void AddDraws(Branch branch, int firstRow, int rows)
    {
        var tree = branch.Tree;
        var request = tree.Request;
        var end = branch.Cached + rows;
        // The row before a token draws it.
        var firstDrawing = Math.Max(branch.Cached, tree.Prompt.Length - 1 + branch.PlannedCount);
        var firstDraw = _planned.Plan.Samples.Length;
        var logitsRows = Math.Max(0, end - firstDrawing);
        if (request.Given is { } given)
        {
            for (var position = firstDrawing; position < end; position++)
                AddScores(branch, given, firstRow + position - branch.Cached, position + 1 - tree.Prompt.Length, position == end - 1);
        }
        else if (logitsRows > 0)
        {
            _planned.Plan.AddDraws(
                firstRow + rows - 1, request.Parameters, request.Seed, tree.ProblemKey, branch.PlannedCount, branch.Samples);
        }
        if (logitsRows > 0)
        {
            branch.DrawSlot = firstDraw;
            branch.PlannedCount += logitsRows;
            branch.StepsInFlight++;
        }
        _planned.Branches.Add(new ScheduledBranch(branch, firstDraw, logitsRows));
    }

    /// <summary>
    /// Scores token <paramref name="index"/>: of each sample in a branch's last row, before it of one that stands for all.
    /// </summary>
    private void AddScores(Branch branch, IReadOnlyDictionary<int, int[]> given, int row, int index, bool isLast)
    {
        _targets.Clear();
        foreach (var sample in isLast ? branch.Samples : branch.Samples[..1])
            _targets.Add(given[sample][index]);
        _planned.Plan.AddScores(row, CollectionsMarshal.AsSpan(_targets));
    }

    /// <summary>
    /// A branch without a cache begins with the full blocks of the prefix that it has in common with the branch before it.
    /// </summary>
    private void AdoptSharedBlocks(Branch branch, Branch neighbour)
    {
        // The last drawn position at least stays to be computed: its logits are wanted. What the neighbour only refers to is not known.
        var limit = Math.Min(Math.Min(neighbour.Cached, neighbour.Known), branch.Length - 1);
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

    /// <summary>
    /// Gives the branch blocks of its own for its next rows, preempting others; false, and nothing done for it, where there are too few.
    /// </summary>
    private bool TryReserve(Branch branch, int rows, List<SampleTree> trees)
    {
        // The victim may have been the other holder of the tail: look again after each.
        while (pool.FreeCount < NewBlocks(branch, rows) + (IsTailShared(branch) ? 1 : 0))
        {
            if (!TryPreempt(branch, trees))
                return false;
        }
        if (IsTailShared(branch))
            CopyTail(branch);
        for (var blocks = NewBlocks(branch, rows); blocks > 0; blocks--)
            branch.Blocks.Add(Take());
        return true;
    }

    private bool IsTailShared(Branch branch) =>
        branch.Cached % BlockSize != 0 && pool.Holders(branch.Blocks[branch.Cached / BlockSize]) > 1;

    /// <summary>Copy on write: a partly filled block that others hold too is copied before the branch writes to it.</summary>
    private void CopyTail(Branch branch)
    {
        var index = branch.Cached / BlockSize;
        var source = branch.Blocks[index];
        var copy = Take();
        _planned.Plan.AddCopy(source, copy);
        pool.MarkCopySource(source);
        pool.Release(source);
        branch.Blocks[index] = copy;
    }

    private int Take() => pool.TryTake(out var block) ? block : throw new InvalidOperationException("No KV block is free.");

    /// <summary>
    /// Takes the blocks of the lowest-priority branch that has any; false when that would be <paramref name="branch"/> itself.
    /// </summary>
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
