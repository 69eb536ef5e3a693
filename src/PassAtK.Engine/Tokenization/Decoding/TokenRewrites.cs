using PassAtK.Engine.Tokenization.Normalization;

namespace PassAtK.Engine.Tokenization.Decoding;

/// <summary>What a decoder does to each token by itself. Source: the `decoder` of `tokenizer.json`.</summary>
internal interface ITokenRewrite
{
    /// <param name="token">The token's text.</param>
    /// <param name="isFirst">It is the first token of the text.</param>
    string Rewrite(string token, bool isFirst);
}

/// <summary>`Replace`, the same as in a normalizer.</summary>
internal sealed class ReplaceInToken(Replace replace) : ITokenRewrite
{
    public string Rewrite(string token, bool isFirst)
    {
        var atStart = true;
        return replace.Normalize(token, ref atStart);
    }
}

/// <summary>`Strip`: up to so many of one character off either end.</summary>
internal sealed record StripFromToken(char Content, int Start, int Stop) : ITokenRewrite
{
    public string Rewrite(string token, bool isFirst)
    {
        var (start, end) = (0, token.Length);
        while (start < Math.Min(Start, end) && token[start] == Content)
            start++;
        while (end > start && token.Length - end < Stop && token[end - 1] == Content)
            end--;
        return token[start..end];
    }
}

/// <summary>`Metaspace`: marks become spaces, and go away in the first token where the encoder put one in front.</summary>
internal sealed class MetaspaceToSpaces(string mark, bool dropInFirst) : ITokenRewrite
{
    public string Rewrite(string token, bool isFirst) => token.Replace(mark, isFirst && dropInFirst ? "" : " ", StringComparison.Ordinal);
}
