using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Sampling;

/// <summary>
/// Draws tokens from rows of logits: logits / temperature, softmax, top-k, top-p, min-p (each on the renormalised survivors of the one
/// before), inverse CDF in ascending token id. A draw depends on the logits, the parameters and its own random number alone. One instance
/// serves one thread; it owns its scratch and a call allocates nothing. docs/sampling.md tells where rounding enters.
/// </summary>
public sealed class NucleusSampler
{
    private readonly int _vocabularySize;
    private readonly FilteredRow _row;

    /// <summary>A sampler for rows of so many logits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary is empty.</exception>
    public NucleusSampler(int vocabularySize)
        : this(vocabularySize, RowPasses.Widest)
    {
    }

    internal NucleusSampler(int vocabularySize, IRowPasses passes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 1);
        _vocabularySize = vocabularySize;
        _row = new FilteredRow(vocabularySize, passes);
    }

    /// <summary>
    /// Draws a token for each sample, or scores each target. A row with a NaN, a +infinity or nothing finite gives
    /// <see cref="TokenDraw.NotFinite"/> for every slot, with NaN for both log-probabilities.
    /// </summary>
    /// <param name="logits">`[vocab]`.</param>
    /// <param name="row">
    /// Parameters (validated), random stream, position, draw or score; the slots that it names do not matter here.
    /// </param>
    /// <param name="samples">`[draws]`: this row's sample indices, or the tokens to score.</param>
    /// <param name="draws">`[draws]`: the results.</param>
    /// <exception cref="ArgumentException">A length or a target does not fit.</exception>
    public void Sample(ReadOnlySpan<float> logits, in LogitsRow row, ReadOnlySpan<int> samples, Span<TokenDraw> draws)
    {
        if (logits.Length != _vocabularySize)
            throw new ArgumentException($"The row has {logits.Length} logits, expected {_vocabularySize}.", nameof(logits));
        if (samples.Length != draws.Length)
            throw new ArgumentException($"There are {draws.Length} slots for {samples.Length} samples.", nameof(draws));
        if (draws.IsEmpty)
            return;

        if (!_row.TryLoad(logits))
            draws.Fill(new TokenDraw(TokenDraw.NotFinite, float.NaN, float.NaN));
        else if (row.Scores)
            ScoreEach(logits, samples, draws);
        else if (row.Parameters.Temperature == 0)
            draws.Fill(_row.MostLikely(logits));
        else
            DrawEach(logits, row, samples, draws);
    }

    private void ScoreEach(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, Span<TokenDraw> draws)
    {
        for (var draw = 0; draw < draws.Length; draw++)
        {
            var target = targets[draw];
            if ((uint)target >= (uint)_vocabularySize)
                throw new ArgumentException($"A target is {target}, expected 0 to {_vocabularySize - 1}.", nameof(targets));
            draws[draw] = _row.Score(logits, target);
        }
    }

    private void DrawEach(ReadOnlySpan<float> logits, in LogitsRow row, ReadOnlySpan<int> samples, Span<TokenDraw> draws)
    {
        _row.Filter(logits, row.Parameters);
        for (var draw = 0; draw < draws.Length; draw++)
            draws[draw] = _row.Draw(logits, Philox.Uniform(row.Seed, row.ProblemKey, samples[draw], row.Position));
    }
}
