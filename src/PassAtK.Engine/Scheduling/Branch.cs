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

    public SampleTree Tree { get; private set; } = null!;

    public Branch? Previous { get; set; }

    public Branch? Next { get; set; }

    /// <summary>Blocks that hold the keys and values of positions 0 to <see cref="Cached"/> - 1; the last may have room left.</summary>
    public BlockTable Blocks { get; } = new();

    /// <summary>Positions whose keys and values are computed.</summary>
    public int Cached { get; set; }

    /// <summary>Positions once computed and given up since.</summary>
    public int Lost { get; set; }

    /// <summary>The last step that the branch was planned into.</summary>
    public long PlannedStep { get; set; }

    public ReadOnlySpan<int> Samples => CollectionsMarshal.AsSpan(_samples);

    public int GeneratedCount { get; private set; }

    public ReadOnlySpan<int> Generated => _tokens.AsSpan(0, GeneratedCount);

    public ReadOnlySpan<float> Logprobs => _logprobs.AsSpan(0, GeneratedCount);

    public ReadOnlySpan<float> FilteredLogprobs => _filteredLogprobs.AsSpan(0, GeneratedCount);

    /// <summary>Tokens of prompt and sample so far.</summary>
    public int Length => Tree.Prompt.Length + GeneratedCount;

    /// <summary>Where the search for stop texts has come to.</summary>
    public StopSearch Stop { get; set; }

    public int TokenAt(int position)
    {
        var prompt = Tree.Prompt;
        return position < prompt.Length ? prompt[position] : _tokens[position - prompt.Length];
    }

    public void Begin(SampleTree tree, ReadOnlySpan<int> samples)
    {
        Tree = tree;
        GeneratedCount = 0;
        Cached = 0;
        Lost = 0;
        PlannedStep = 0;
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
        Stop = parent.Stop;
        GeneratedCount = parent.GeneratedCount;
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
