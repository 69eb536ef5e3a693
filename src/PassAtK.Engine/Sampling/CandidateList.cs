namespace PassAtK.Engine.Sampling;

/// <summary>The few tokens of a row that a filter has yet to decide on, in ascending index, compact enough to stay in cache.</summary>
internal sealed class CandidateList
{
    /// <summary>Most tokens in a list.</summary>
    public const int Capacity = 4096;

    private readonly int[] _indices = new int[Capacity];
    private readonly float[] _logits = new float[Capacity];
    private readonly float[] _weights = new float[Capacity];

    public int Count { get; private set; }

    /// <summary>`[count]`: indices in the row that the list was taken from.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, Count);

    public TokenRow Tokens
    {
        get
        {
            var tail = Count / TokenRow.BlockSize * TokenRow.BlockSize;
            return new TokenRow(_logits.AsSpan(0, Count), _logits.AsSpan(tail), _weights);
        }
    }

    /// <summary>A cutoff of the list as one of the row that it was taken from.</summary>
    public Cutoff InRow(Cutoff cutoff) =>
        cutoff.LastTie == int.MaxValue ? cutoff : cutoff with { LastTie = _indices[cutoff.LastTie] };

    /// <summary>Takes the logits in [low, high) from a row. False, with an unusable list, when they are too many.</summary>
    public bool TryLoad(IRowPasses passes, TokenRow row, float low, float high)
    {
        Count = passes.Collect(row, low, high, _indices);
        if (Count < 0)
            return false;
        for (var i = 0; i < Count; i++)
        {
            _logits[i] = row.Logits[_indices[i]];
            _weights[i] = row.Weights[_indices[i]];
        }
        var padding = -Count & (TokenRow.BlockSize - 1);
        _logits.AsSpan(Count, padding).Fill(float.NegativeInfinity);
        _weights.AsSpan(Count, padding).Clear();
        return true;
    }
}
