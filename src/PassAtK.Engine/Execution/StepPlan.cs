using System.Runtime.InteropServices;
using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Execution;

/// <summary>A whole block of every layer's keys and values, copied before the step's rows are written (copy on write).</summary>
public readonly record struct BlockCopy(int Source, int Destination);

/// <summary>
/// A run of consecutive positions of one branch: one row when decoding, a chunk when prefilling. Row i of the group sits at position
/// `FirstPosition + i`, writes its key and value there and attends to positions 0 to its own.
/// </summary>
public readonly record struct RowGroup(int FirstRow, int RowCount, int FirstPosition, BlockTable Blocks);

/// <summary>
/// A row whose logits are wanted, and what for: `DrawCount` tokens are drawn, one for each sample index in `Samples[FirstDraw..]`; or,
/// with <see cref="Scores"/>, nothing is drawn, and each slot receives the log-probability of the token that stands in `Samples`.
/// </summary>
/// <param name="Row">Row of the step.</param>
/// <param name="Parameters">How to draw.</param>
/// <param name="Seed">Key of the random stream.</param>
/// <param name="ProblemKey">See <see cref="Philox.ProblemKey"/>.</param>
/// <param name="Position">Index of the drawn token among the generated ones, from 0.</param>
/// <param name="FirstDraw">First slot in `Samples` and `Draws`.</param>
/// <param name="DrawCount">Slots used.</param>
/// <param name="Scores">Whether `Samples` holds tokens to score.</param>
public readonly record struct LogitsRow(
    int Row, SamplingParameters Parameters, ulong Seed, ulong ProblemKey, int Position, int FirstDraw, int DrawCount, bool Scores = false);

/// <summary>A drawn (or scored) token.</summary>
/// <param name="Token">Token id, or <see cref="NotFinite"/> when the row of logits held a NaN, a +infinity or nothing finite.</param>
/// <param name="Logprob">Natural log of its probability under the unfiltered softmax at temperature 1.</param>
/// <param name="FilteredLogprob">Natural log of its probability under the distribution it was drawn from.</param>
public readonly record struct TokenDraw(int Token, float Logprob, float FilteredLogprob)
{
    public const int NotFinite = -1;
}

/// <summary>
/// One step of a backend as a plain value: which rows to compute, where their keys and values live, and which tokens to draw. Built by
/// the scheduler, filled in (only `Draws`) by the backend, cleared and used again: a steady state allocates nothing.
/// </summary>
public sealed class StepPlan
{
    private readonly List<BlockCopy> _copies = [];
    private readonly List<RowGroup> _groups = [];
    private readonly List<int> _tokens = [];
    private readonly List<LogitsRow> _logits = [];
    private readonly List<int> _samples = [];
    private readonly List<TokenDraw> _draws = [];

    public ReadOnlySpan<BlockCopy> Copies => CollectionsMarshal.AsSpan(_copies);

    /// <summary>Row groups in row order; together they cover all rows.</summary>
    public ReadOnlySpan<RowGroup> Groups => CollectionsMarshal.AsSpan(_groups);

    /// <summary>`[rows]`: the token that each row feeds to the model: its id, or a reference made by <see cref="Drawn"/>.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    public ReadOnlySpan<LogitsRow> Logits => CollectionsMarshal.AsSpan(_logits);

    /// <summary>`[draws]`: the sample index whose random stream each draw uses, or the token to score.</summary>
    public ReadOnlySpan<int> Samples => CollectionsMarshal.AsSpan(_samples);

    /// <summary>`[draws]`: the results.</summary>
    public Span<TokenDraw> Draws => CollectionsMarshal.AsSpan(_draws);

    public int RowCount => _tokens.Count;

    /// <summary>
    /// Stands for a token not yet known: the one drawn in slot <paramref name="slot"/> by the step submitted just before. Where that row
    /// failed (<see cref="TokenDraw.NotFinite"/>), token 0 is fed.
    /// </summary>
    public static int Drawn(int slot) => ~slot;

    public void Clear()
    {
        _copies.Clear();
        _groups.Clear();
        _tokens.Clear();
        _logits.Clear();
        _samples.Clear();
        _draws.Clear();
    }

    public void AddCopy(int source, int destination) => _copies.Add(new BlockCopy(source, destination));

    /// <summary>
    /// Appends a row for each token, at consecutive positions from <paramref name="firstPosition"/>. Returns the first row.
    /// </summary>
    public int AddRows(ReadOnlySpan<int> tokens, int firstPosition, BlockTable blocks)
    {
        var firstRow = _tokens.Count;
        _tokens.AddRange(tokens);
        _groups.Add(new RowGroup(firstRow, tokens.Length, firstPosition, blocks));
        return firstRow;
    }

    /// <summary>Asks for one token per sample from a row's logits. Returns the first draw's slot.</summary>
    public int AddDraws(int row, SamplingParameters parameters, ulong seed, ulong problemKey, int position, ReadOnlySpan<int> samples)
    {
        var firstDraw = _samples.Count;
        _logits.Add(new LogitsRow(row, parameters, seed, problemKey, position, firstDraw, samples.Length));
        _samples.AddRange(samples);
        CollectionsMarshal.SetCount(_draws, _samples.Count);
        return firstDraw;
    }

    /// <summary>Asks for the log-probabilities of tokens under a row's logits. Returns the first one's slot.</summary>
    public int AddScores(int row, ReadOnlySpan<int> targets)
    {
        var first = _samples.Count;
        _logits.Add(new LogitsRow(row, Unfiltered, 0, 0, 0, first, targets.Length, Scores: true));
        _samples.AddRange(targets);
        CollectionsMarshal.SetCount(_draws, _samples.Count);
        return first;
    }

    private static readonly SamplingParameters Unfiltered = new() { Temperature = 1, TopP = 1 };
}
