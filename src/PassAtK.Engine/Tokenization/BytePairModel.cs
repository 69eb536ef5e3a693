using System.Runtime.InteropServices;
using System.Text;

namespace PassAtK.Engine.Tokenization;

/// <summary>How a <see cref="BytePairModel"/> treats what its vocabulary lacks. Source: the `model` of `tokenizer.json`.</summary>
/// <param name="UnknownToken">Stands for characters outside the vocabulary; without one they are dropped.</param>
/// <param name="FuseUnknown">Neighbouring unknown characters share one unknown token.</param>
/// <param name="ByteFallback">
/// An unknown character becomes the tokens `&lt;0x00&gt;` to `&lt;0xFF&gt;` of its UTF-8 bytes, if all exist.
/// </param>
/// <param name="IgnoreMerges">A piece that is a token as a whole is that token, whatever the merges say.</param>
internal sealed record BytePairOptions(string? UnknownToken, bool FuseUnknown, bool ByteFallback, bool IgnoreMerges);

/// <summary>
/// Byte-pair encoding of one piece of text: characters, then merges of neighbours in order of rank, leftmost first.
/// Safe for concurrent use. Source: Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units",
/// ACL 2016; unknown characters as the tokenizers library treats them.
/// </summary>
internal sealed class BytePairModel
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges;
    private readonly BytePairOptions _options;
    private readonly int[]? _byteTokens;
    private readonly WordCache _cache = new();

    /// <param name="ids">Token to id.</param>
    /// <param name="merges">Pairs of tokens, with the merge's rank and the token that the pair makes.</param>
    /// <param name="options">What becomes of characters outside the vocabulary.</param>
    public BytePairModel(
        Dictionary<string, int> ids, Dictionary<(int Left, int Right), (int Rank, int Merged)> merges, BytePairOptions options)
    {
        (_ids, _merges, _options) = (ids, merges, options);
        _idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (options.ByteFallback)
            _byteTokens = [.. Enumerable.Range(0, 256).Select(value => ids.GetValueOrDefault($"<0x{value:X2}>", -1))];
    }

    /// <summary>Appends the tokens of a piece, which is not empty and has no lone surrogates.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<int> into)
    {
        if (_options.IgnoreMerges && _idsBySpan.TryGetValue(piece, out var whole))
        {
            into.Add(whole);
            return;
        }
        if (_cache.TryGet(piece, out var known))
        {
            into.AddRange(known.AsSpan());
            return;
        }
        var start = into.Count;
        AppendCharacters(piece, into);
        var merged = Merge(CollectionsMarshal.AsSpan(into)[start..]);
        CollectionsMarshal.SetCount(into, start + merged);
        _cache.Add(piece, CollectionsMarshal.AsSpan(into)[start..]);
    }

    // An unknown token waits for more unknown characters to fuse with; byte tokens do not end the wait, so they come before it.
    private void AppendCharacters(ReadOnlySpan<char> piece, List<int> into)
    {
        var unknown = -1;
        var position = 0;
        foreach (var rune in piece.EnumerateRunes())
        {
            var character = piece.Slice(position, rune.Utf16SequenceLength);
            position += rune.Utf16SequenceLength;
            if (_idsBySpan.TryGetValue(character, out var id))
            {
                if (unknown >= 0)
                    into.Add(unknown);
                unknown = -1;
                into.Add(id);
            }
            else if (!TryAppendBytes(rune, into) && _options.UnknownToken is { } token)
            {
                if (unknown >= 0 && !_options.FuseUnknown)
                    into.Add(unknown);
                unknown = _ids.TryGetValue(token, out var unknownId)
                    ? unknownId
                    : throw new InputException(
                        $"tokenizer.json: model.unk_token is '{token}', which model.vocab lacks, and the text has the unknown '{rune}'.");
            }
        }
        if (unknown >= 0)
            into.Add(unknown);
    }

    private bool TryAppendBytes(Rune rune, List<int> into)
    {
        if (_byteTokens is null)
            return false;
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..rune.EncodeToUtf8(utf8)];
        foreach (var value in utf8)
        {
            if (_byteTokens[value] < 0)
                return false;
        }
        foreach (var value in utf8)
            into.Add(_byteTokens[value]);
        return true;
    }

    /// <summary>Merges in place; returns how many tokens are left.</summary>
    private int Merge(Span<int> tokens)
    {
        if (tokens.Length < 2)
            return tokens.Length;
        // Neighbours are linked, so that a merge costs the same anywhere in a piece of any length.
        var next = new int[tokens.Length];
        var previous = new int[tokens.Length];
        var queue = new MergeQueue();
        for (var i = 0; i < tokens.Length; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            if (i + 1 < tokens.Length)
                Propose(queue, i, tokens[i], tokens[i + 1]);
        }
        const int Gone = -1;
        while (queue.TryTake(out var candidate))
        {
            var place = candidate.Place;
            // Stale where either neighbour has merged with another since.
            if (tokens[place] == Gone || next[place] == tokens.Length)
                continue;
            var right = next[place];
            if (!_merges.TryGetValue((tokens[place], tokens[right]), out var merge) || merge.Merged != candidate.Merged)
                continue;
            tokens[place] = merge.Merged;
            tokens[right] = Gone;
            next[place] = next[right];
            if (next[place] < tokens.Length)
            {
                previous[next[place]] = place;
                Propose(queue, place, tokens[place], tokens[next[place]]);
            }
            if (previous[place] >= 0)
                Propose(queue, previous[place], tokens[previous[place]], tokens[place]);
        }
        var kept = 0;
        foreach (var token in tokens)
        {
            if (token != Gone)
                tokens[kept++] = token;
        }
        return kept;
    }

    private void Propose(MergeQueue queue, int place, int left, int right)
    {
        if (_merges.TryGetValue((left, right), out var merge))
            queue.Add(new MergeCandidate(merge.Rank, place, merge.Merged));
    }
}
