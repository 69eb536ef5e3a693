namespace PassAtK.Engine.Execution;

/// <summary>
/// The KV blocks of one branch in position order: positions [16 i, 16 i + 16) live in block `Blocks[i]`. Blocks may be shared with
/// other tables; who may write to one is the scheduler's business.
/// </summary>
public sealed class BlockTable
{
    /// <summary>Positions in a block.</summary>
    public const int BlockSize = 16;

    private int[] _blocks = new int[8];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Blocks => _blocks.AsSpan(0, Count);

    public int this[int index]
    {
        get => Blocks[index];
        set => _blocks.AsSpan(0, Count)[index] = value;
    }

    public void Add(int block)
    {
        if (Count == _blocks.Length)
            Array.Resize(ref _blocks, 2 * Count);
        _blocks[Count++] = block;
    }

    public void Clear() => Count = 0;

    public void CopyFrom(BlockTable other)
    {
        Count = 0;
        if (_blocks.Length < other.Count)
            _blocks = new int[other._blocks.Length];
        other.Blocks.CopyTo(_blocks);
        Count = other.Count;
    }
}
