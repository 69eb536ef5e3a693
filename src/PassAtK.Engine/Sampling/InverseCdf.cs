namespace PassAtK.Engine.Sampling;

/// <summary>
/// A distribution over tokens in ascending id, as running masses in double precision: of each token where few survive, of each block of
/// 64 where many do.
/// </summary>
internal sealed class InverseCdf(IRowPasses passes, int vocabularySize)
{
    private readonly int[] _ids = new int[CandidateList.Capacity];
    private readonly double[] _masses = new double[Math.Max(CandidateList.Capacity, (vocabularySize / TokenRow.BlockSize) + 1)];
    private int _count;
    private bool _isList;

    /// <summary>Mass of all survivors.</summary>
    public double Mass => _masses[_count - 1];

    /// <summary>Takes the survivors of a list.</summary>
    public void Load(CandidateList candidates, Cutoff cutoff)
    {
        _isList = true;
        _count = 0;
        var mass = 0.0;
        var tokens = candidates.Tokens;
        for (var index = 0; index < tokens.Count; index++)
        {
            if (!cutoff.Keeps(tokens.Logits[index], index) || tokens.Weights[index] == 0)
                continue;
            mass += tokens.Weights[index];
            _ids[_count] = candidates.Indices[index];
            _masses[_count++] = mass;
        }
    }

    /// <summary>Takes the survivors of a whole row, whose weights must stay as this leaves them until the last draw.</summary>
    public void Load(TokenRow row, Cutoff cutoff)
    {
        _isList = false;
        _count = row.Blocks;
        passes.Accumulate(row, cutoff, _masses);
    }

    /// <summary>The first token whose running mass exceeds u times the whole; the last one that adds to it if none does.</summary>
    public int Draw(double u, ReadOnlySpan<float> weights)
    {
        // u can be 1 and u * mass can round up to the mass; the largest number below it still belongs to a survivor.
        var target = Math.Min(u * Mass, double.BitDecrement(Mass));
        var place = FirstAbove(_masses.AsSpan(0, _count), target);
        return _isList ? _ids[place] : DrawWithin(place, target, weights);
    }

    private int DrawWithin(int block, double target, ReadOnlySpan<float> weights)
    {
        var mass = block == 0 ? 0 : _masses[block - 1];
        var first = block * TokenRow.BlockSize;
        var inBlock = weights.Slice(first, TokenRow.BlockSize);
        for (var i = 0; i < inBlock.Length; i++)
        {
            mass += inBlock[i];
            if (mass > target)
                return first + i;
        }
        // The block's mass was added in another order and came out larger by rounding.
        return first + inBlock.LastIndexOfAnyExcept(0);
    }

    private static int FirstAbove(ReadOnlySpan<double> ascending, double target)
    {
        var (low, high) = (0, ascending.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ascending[middle] > target)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
