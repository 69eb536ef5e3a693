using System.Globalization;
using System.Text;

namespace PassAtK.Engine.Tokenization.Decoding;

/// <summary>How the texts of tokens become one text.</summary>
internal sealed record DecoderSteps
{
    /// <summary>Each token by itself, first of all.</summary>
    public IReadOnlyList<ITokenRewrite> Rewrites { get; init; } = [];

    /// <summary>Runs of tokens `&lt;0x00&gt;` to `&lt;0xFF&gt;` become the text of those bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Each token by itself, a run of bytes counting as one token.</summary>
    public IReadOnlyList<ITokenRewrite> RewritesAfterBytes { get; init; } = [];

    /// <summary>Tokens are written in the <see cref="ByteAlphabet"/>.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>Stands between tokens: a space where there is no decoder at all.</summary>
    public string Separator { get; init; } = "";

    /// <summary>Applies to the whole text.</summary>
    public StripFromToken? Strip { get; init; }
}

/// <summary>What one token adds to a text. Immutable but for what it remembers, so safe for concurrent use.</summary>
internal sealed class TokenDecoder
{
    /// <summary>The bytes or the text of a token. <see cref="Text"/> is null where the bytes are not UTF-8 by themselves.</summary>
    public sealed record Piece(byte[] Bytes, string? Text, int FallbackByte);

    private readonly string?[] _tokens;
    private readonly bool[] _special;
    private readonly Piece?[] _pieces;

    /// <param name="tokens">Each id's token; null for an id that has none, which decodes to nothing.</param>
    /// <param name="special">The ids left out of text.</param>
    /// <param name="steps">The decoder's.</param>
    public TokenDecoder(string?[] tokens, bool[] special, DecoderSteps steps)
    {
        (_tokens, _special, Steps) = (tokens, special, steps);
        _pieces = new Piece?[tokens.Length];
    }

    public DecoderSteps Steps { get; }

    public bool IsSpecial(int token) => (uint)token < (uint)_special.Length && _special[token];

    /// <summary>Null for a token that adds nothing and counts as none.</summary>
    public Piece? Find(int token, bool skipSpecial, bool isFirst)
    {
        if ((uint)token >= (uint)_tokens.Length || _tokens[token] is not { } text || (skipSpecial && _special[token]))
            return null;
        if (isFirst)
            return Make(text, isFirst: true);
        // Two threads may both make it; either is right.
        return _pieces[token] ??= Make(text, isFirst: false);
    }

    /// <summary>Makes the text of a run of byte tokens: a run that is not UTF-8 is a U+FFFD for each byte.</summary>
    public string RunText(ReadOnlySpan<byte> run, bool isFirst)
    {
        if (System.Text.Unicode.Utf8.IsValid(run))
            return RewriteAfterBytes(Encoding.UTF8.GetString(run), isFirst);
        var text = new StringBuilder();
        for (var i = 0; i < run.Length; i++)
            text.Append(RewriteAfterBytes("\uFFFD", isFirst && i == 0));
        return text.ToString();
    }

    public string RewriteAfterBytes(string text, bool isFirst) => Rewrite(text, Steps.RewritesAfterBytes, isFirst);

    private Piece Make(string token, bool isFirst)
    {
        var text = Rewrite(token, Steps.Rewrites, isFirst);
        if (Steps.ByteLevel)
        {
            var bytes = ByteAlphabet.Decode(text);
            return new Piece(bytes, System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null, -1);
        }
        return new Piece([], text, Steps.ByteFallback ? FallbackByte(text) : -1);
    }

    private static int FallbackByte(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && int.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : -1;

    private static string Rewrite(string token, IReadOnlyList<ITokenRewrite> rewrites, bool isFirst)
    {
        for (var i = 0; i < rewrites.Count; i++)
            token = rewrites[i].Rewrite(token, isFirst);
        return token;
    }
}
