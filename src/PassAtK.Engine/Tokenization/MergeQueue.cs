namespace PassAtK.Engine.Tokenization;

/// <summary>A pair of neighbours that may merge: the left one's place, the merge's rank and the token it makes.</summary>
internal readonly record struct MergeCandidate(int Rank, int Place, int Merged)
{
    public bool ComesBefore(MergeCandidate other) => Rank != other.Rank ? Rank < other.Rank : Place < other.Place;
}

/// <summary>Merge candidates, lowest rank first and leftmost first among equals: a binary heap.</summary>
internal sealed class MergeQueue
{
    private MergeCandidate[] _heap = new MergeCandidate[64];
    private int _count;

    public void Add(MergeCandidate candidate)
    {
        if (_count == _heap.Length)
            Array.Resize(ref _heap, 2 * _count);
        var place = _count++;
        while (place > 0 && candidate.ComesBefore(_heap[(place - 1) / 2]))
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        _heap[place] = candidate;
    }

    public bool TryTake(out MergeCandidate first)
    {
        if (_count == 0)
        {
            first = default;
            return false;
        }
        first = _heap[0];
        var last = _heap[--_count];
        var place = 0;
        for (var child = 1; child < _count; child = (2 * place) + 1)
        {
            if (child + 1 < _count && _heap[child + 1].ComesBefore(_heap[child]))
                child++;
            if (!_heap[child].ComesBefore(last))
                break;
            _heap[place] = _heap[child];
            place = child;
        }
        _heap[place] = last;
        return true;
    }
}
