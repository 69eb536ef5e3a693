using PassAtK.Engine.Tokenization;

namespace PassAtK.Engine.Scheduling;

/// <summary>How far the search for stop texts has come in one branch. A value: a fork's copy goes on by itself.</summary>
internal struct StopSearch
{
    public Detokenizer Detokenizer;
    public StopCursor Cursor;
}

/// <summary>The stop texts of a request, looked for in the text as it is drawn.</summary>
internal sealed class StopCondition
{
    private readonly Tokenizer _tokenizer;
    private readonly StopMatcher _matcher;

    private StopCondition(Tokenizer tokenizer, StopMatcher matcher)
    {
        _tokenizer = tokenizer;
        _matcher = matcher;
    }

    /// <summary>Null where there is no stop text.</summary>
    /// <exception cref="InputException">A stop text is empty, or there is no tokenizer to read text with.</exception>
    public static StopCondition? Create(IReadOnlyList<string> stopTexts, Tokenizer? tokenizer)
    {
        if (stopTexts.Count == 0)
            return null;
        if (tokenizer is null)
            throw new InputException("Stop texts need a tokenizer, and there is none.");
        return new StopCondition(tokenizer, new StopMatcher(stopTexts));
    }

    public StopSearch Start() => new() { Detokenizer = _tokenizer.StartDecoding() };

    /// <summary>Whether a stop text is complete once this token is drawn.</summary>
    public bool Advance(ref StopSearch search, int token) => _matcher.Read(ref search.Cursor, search.Detokenizer.Push(token)) is not null;

    /// <summary>Where the first stop text begins in a whole text, or null.</summary>
    public int? Find(string text)
    {
        var cursor = default(StopCursor);
        return _matcher.Read(ref cursor, text);
    }
}
