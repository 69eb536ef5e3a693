using System.Runtime.InteropServices;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Scheduling;

/// <summary>
/// A distinct token prefix of a <see cref="SampleTree"/> with the samples that still share it: one row of logits per step, whatever
/// the number of its samples. Branches of a tree form a list in depth-first order, so neighbours share the longest prefixes.
/// </summary>
internal sealed class Branch
{
    private readonly List<int> _samples = [];
    private int[] _tokens = new int[16];
    private float[] _logprobs = new float[16];
    private float[] _filteredLogprobs = new float[16];
    private int _givenInCommon;
    private int _longestGiven;

    public SampleTree Tree { get; private set; } = null!;

    public Branch? Previous { get; set; }

    public Branch? Next { get; set; }

    /// <summary>Blocks that hold the keys and values of positions 0 to <see cref="Cached"/> - 1; the last may have room left.</summary>
    public BlockTable Blocks { get; } = new();

    /// <summary>
    /// Positions whose keys and values the planned steps compute. A later step may rely on them, as steps take effect in order, and so
    /// may the same step, as its rows' keys and values are in place before any row attends.
    /// </summary>
    public int Cached { get; set; }

    /// <summary>Positions once computed and given up since.</summary>
    public int Lost { get; set; }

    /// <summary>The last step that the branch was planned into.</summary>
    public long PlannedStep { get; set; }

    /// <summary>Steps submitted and not yet collected that draw for the branch.</summary>
    public int StepsInFlight { get; set; }

    /// <summary>First slot of its draws in the last step planned.</summary>
    public int DrawSlot { get; set; }

    /// <summary>Tokens drawn or being drawn: <see cref="GeneratedCount"/> and those in flight.</summary>
    public int PlannedCount { get; set; }

    /// <summary>Whether it has ended; while steps are in flight for it, their draws are of no use.</summary>
    public bool IsRetired { get; set; }

    public ReadOnlySpan<int> Samples => CollectionsMarshal.AsSpan(_samples);

    public int GeneratedCount { get; private set; }

    public ReadOnlySpan<int> Generated => _tokens.AsSpan(0, GeneratedCount);

    public ReadOnlySpan<float> Logprobs => _logprobs.AsSpan(0, GeneratedCount);

    public ReadOnlySpan<float> FilteredLogprobs => _filteredLogprobs.AsSpan(0, GeneratedCount);

    /// <summary>Tokens of prompt and sample so far.</summary>
    public int Length => Tree.Prompt.Length + GeneratedCount;

    /// <summary>Where the search for stop texts has come to.</summary>
    public StopSearch Stop { get; set; }

    /// <summary>Length of the prefix that is known: drawn so far, or given to all samples alike.</summary>
    public int Known => Tree.Request.Given is null ? Length : Tree.Prompt.Length + _givenInCommon;

    /// <summary>Most tokens that any of its samples can come to have.</summary>
    public int Limit => Tree.Request.Given is null ? Tree.MaxGenerated : _longestGiven;

    /// <summary>
    /// Positions that a step planned now can compute; none beyond <see cref="Cached"/> where the branch has to wait for its draws. The
    /// token in flight can be referred to where it is one for the whole branch and not the last.
    /// </summary>
    public int Reach
    {
        get
        {
            if (StepsInFlight == 0)
                return Known;
            // Preempted in flight: what to compute again is clear when the draws are there.
            if (Cached < Length)
                return Cached;
            if (Tree.Request.Given is not null)
                return Known;
            return (_samples.Count == 1 || Tree.NeverForks) && PlannedCount < Limit ? Length + 1 : Length;
        }
    }

    /// <summary>
    /// What a row at this position, below <see cref="Reach"/>, feeds to the model: a token, or a reference to the draw in flight.
    /// </summary>
    public int TokenAt(int position)
    {
        var prompt = Tree.Prompt;
        if (position < prompt.Length)
            return prompt[position];
        var index = position - prompt.Length;
        if (index < GeneratedCount)
            return _tokens[index];
        return Tree.Request.Given is { } given ? given[_samples[0]][index] : StepPlan.Drawn(DrawSlot);
    }

    public void Begin(SampleTree tree, ReadOnlySpan<int> samples)
    {
        Tree = tree;
        GeneratedCount = PlannedCount = 0;
        Cached = 0;
        Lost = 0;
        PlannedStep = 0;
        IsRetired = false;
        Stop = tree.Stop?.Start() ?? default;
        SetSamples(samples);
    }

    /// <summary>Takes over prefix and cache of <paramref name="parent"/> for some of its samples; the blocks become shared.</summary>
    public void ForkFrom(Branch parent, ReadOnlySpan<int> samples, BlockPool pool)
    {
        Tree = parent.Tree;
        Cached = parent.Cached;
        Lost = parent.Lost;
        PlannedStep = 0;
        IsRetired = false;
        Stop = parent.Stop;
        GeneratedCount = parent.GeneratedCount;
        PlannedCount = parent.PlannedCount;
        Reserve(GeneratedCount + 1);
        parent.Generated.CopyTo(_tokens);
        parent.Logprobs.CopyTo(_logprobs);
        parent.FilteredLogprobs.CopyTo(_filteredLogprobs);
        Blocks.CopyFrom(parent.Blocks);
        foreach (var block in Blocks.Blocks)
            pool.Share(block);
        SetSamples(samples);
    }

    public void SetSamples(ReadOnlySpan<int> samples)
    {
        _samples.Clear();
        _samples.AddRange(samples);
        if (Tree.Request.Given is { } given)
            CompareGiven(given);
    }

    /// <summary>
    /// How far the samples' given tokens can be fed without telling them apart: while all agree and none is at its last, which is scored
    /// but not fed.
    /// </summary>
    private void CompareGiven(IReadOnlyDictionary<int, int[]> given)
    {
        var first = given[_samples[0]];
        (_givenInCommon, _longestGiven) = (first.Length - 1, first.Length);
        foreach (var sample in _samples)
        {
            var tokens = given[sample];
            _longestGiven = Math.Max(_longestGiven, tokens.Length);
            var most = Math.Min(_givenInCommon, tokens.Length - 1);
            _givenInCommon = first.AsSpan(0, most).CommonPrefixLength(tokens.AsSpan(0, most));
        }
    }

    public void Append(TokenDraw draw)
    {
        Reserve(GeneratedCount + 1);
        _tokens[GeneratedCount] = draw.Token;
        _logprobs[GeneratedCount] = draw.Logprob;
        _filteredLogprobs[GeneratedCount] = draw.FilteredLogprob;
        GeneratedCount++;
    }

    /// <summary>Gives up all blocks; what was cached has to be computed again.</summary>
    public void ReleaseBlocks(BlockPool pool)
    {
        foreach (var block in Blocks.Blocks)
            pool.Release(block);
        Blocks.Clear();
        Lost = Math.Max(Lost, Cached);
        Cached = 0;
    }

    private void Reserve(int count)
    {
        if (count <= _tokens.Length)
            return;
        var size = Math.Max(count, 2 * _tokens.Length);
        Array.Resize(ref _tokens, size);
        Array.Resize(ref _logprobs, size);
        Array.Resize(ref _filteredLogprobs, size);
    }
}
