using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Scheduling;

/// <summary>
/// The draws of one branch in groups of samples that drew the same token, ascending by token; without sharing, one group per sample.
/// Reused from branch to branch: nothing is allocated once it has seen the largest.
/// </summary>
internal sealed class DrawGroups
{
    private struct Group
    {
        public int First;
        public int Count;
        public TokenDraw Draw;
        public bool IsGivenEnd;
        public bool IsLive;
        public StopSearch StopSearch;
    }

    private Group[] _groups = new Group[16];
    private int[] _samples = new int[16];
    private long[] _order = new long[16];

    public int Count { get; private set; }

    public TokenDraw Draw(int group) => _groups[group].Draw;

    public ReadOnlySpan<int> Samples(int group) => _samples.AsSpan(_groups[group].First, _groups[group].Count);

    /// <summary>Whether the group's samples end here because their given tokens do.</summary>
    public bool IsGivenEnd(int group) => _groups[group].IsGivenEnd;

    /// <summary>Whether the group's samples go on.</summary>
    public bool IsLive(int group) => _groups[group].IsLive;

    public void SetLive(int group, bool live) => _groups[group].IsLive = live;

    public StopSearch StopSearch(int group) => _groups[group].StopSearch;

    public void SetStopSearch(int group, StopSearch search) => _groups[group].StopSearch = search;

    /// <param name="branch">Whose samples drew.</param>
    /// <param name="draws">`[samples]`, in their order.</param>
    /// <param name="share">Whether equal draws stay together.</param>
    public void Build(Branch branch, ReadOnlySpan<TokenDraw> draws, bool share)
    {
        Reserve(draws.Length);
        var samples = branch.Samples;
        var given = branch.Tree.Request.Given;
        for (var index = 0; index < draws.Length; index++)
        {
            var end = given is not null && given[samples[index]].Length == branch.GeneratedCount + 1;
            _order[index] = ((long)draws[index].Token << 33) | (end ? 1L << 32 : 0) | (uint)index;
        }
        Array.Sort(_order, 0, draws.Length);

        Count = 0;
        for (var rank = 0; rank < draws.Length; rank++)
        {
            var index = (int)_order[rank];
            _samples[rank] = samples[index];
            if (share && rank > 0 && _order[rank] >> 32 == _order[rank - 1] >> 32)
                _groups[Count - 1].Count++;
            else
                _groups[Count++] = new Group { First = rank, Count = 1, Draw = draws[index], IsGivenEnd = (_order[rank] >> 32 & 1) != 0 };
        }
    }

    private void Reserve(int count)
    {
        if (count <= _order.Length)
            return;
        var size = Math.Max(count, 2 * _order.Length);
        _groups = new Group[size];
        _samples = new int[size];
        _order = new long[size];
    }
}
