namespace PassAtK.Engine.Scheduling;

/// <summary>
/// Which KV blocks are free and how many block tables hold each of the others. Steps take effect in order, so a free block may be
/// handed out while steps in flight still use it. A block that is the source of a copy in the step being planned is not handed out in
/// that step, even if its last holder lets go of it meanwhile.
/// </summary>
public sealed class BlockPool
{
    private readonly int[] _holders;
    private readonly bool[] _copySource;
    private readonly Stack<int> _free;
    private readonly List<int> _sources = [];

    public BlockPool(int blockCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockCount);
        _holders = new int[blockCount];
        _copySource = new bool[blockCount];
        _free = new Stack<int>(blockCount);
        for (var block = blockCount - 1; block >= 0; block--)
            _free.Push(block);
    }

    public int BlockCount => _holders.Length;

    public int FreeCount => _free.Count;

    /// <summary>Most blocks that were in use at once.</summary>
    public int PeakInUse { get; private set; }

    public int Holders(int block) => _holders[block];

    /// <summary>Takes a free block for one holder; false when there is none.</summary>
    public bool TryTake(out int block)
    {
        if (!_free.TryPop(out block))
            return false;
        _holders[block] = 1;
        PeakInUse = Math.Max(PeakInUse, BlockCount - FreeCount);
        return true;
    }

    public void Share(int block)
    {
        if (_holders[block] == 0)
            throw new InvalidOperationException($"Block {block} is free and cannot be shared.");
        _holders[block]++;
    }

    public void Release(int block)
    {
        if (_holders[block] == 0)
            throw new InvalidOperationException($"Block {block} is free already.");
        if (--_holders[block] == 0 && !_copySource[block])
            _free.Push(block);
    }

    /// <summary>Keeps the content of <paramref name="block"/> until <see cref="EndStep"/>.</summary>
    public void MarkCopySource(int block)
    {
        if (_copySource[block])
            return;
        _copySource[block] = true;
        _sources.Add(block);
    }

    /// <summary>The step is planned: the sources of its copies are ordinary blocks again.</summary>
    public void EndStep()
    {
        foreach (var block in _sources)
        {
            _copySource[block] = false;
            if (_holders[block] == 0)
                _free.Push(block);
        }
        _sources.Clear();
    }
}
