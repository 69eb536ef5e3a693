using System.Globalization;
using System.Text;
using PassAtK.Engine.Tokenization.Patterns;

namespace PassAtK.Engine.Tokenization.Normalization;

/// <summary>`Prepend`: text in front of any text that is not empty.</summary>
internal sealed class Prepend(string prefix) : INormalizer
{
    public string Normalize(string text, ref bool atStart) => text.Length == 0 ? text : prefix + text;
}

/// <summary>`Replace`: every match of a pattern gives way to a fixed text.</summary>
internal sealed class Replace(IPattern pattern, string content) : INormalizer
{
    public string Normalize(string text, ref bool atStart)
    {
        if (text.Length == 0)
            return text;
        var spans = pattern.Find(text);
        if (!spans.Exists(span => span.IsMatch))
            return text;
        // The tokenizers library takes what replaces several characters for a part of the last of them.
        atStart &= !spans[0].IsMatch || spans[0].Length == 0 || (content.Length > 0 && IsOneCharacter(text.AsSpan(0, spans[0].Length)));
        var builder = new StringBuilder(text.Length);
        foreach (var span in spans)
            _ = span.IsMatch ? builder.Append(content) : builder.Append(text, span.Start, span.Length);
        return builder.ToString();
    }

    private static bool IsOneCharacter(ReadOnlySpan<char> text) => text.Length == (char.IsHighSurrogate(text[0]) ? 2 : 1);
}

/// <summary>`Sequence`: one normalizer after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    public string Normalize(string text, ref bool atStart)
    {
        foreach (var normalizer in normalizers)
            text = normalizer.Normalize(text, ref atStart);
        return text;
    }
}

/// <summary>`Strip`: white space off the left end, the right end, or both.</summary>
internal sealed class Strip(bool left, bool right) : INormalizer
{
    public string Normalize(string text, ref bool atStart)
    {
        if (left)
        {
            atStart &= text.Length == 0 || !char.IsWhiteSpace(text[0]);
            text = text.TrimStart();
        }
        return right ? text.TrimEnd() : text;
    }
}

/// <summary>`Lowercase`: each character by itself, without regard to language or position.</summary>
internal sealed class Lowercase : INormalizer
{
    public string Normalize(string text, ref bool atStart)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // The one character whose lower case is two; .NET leaves it alone.
            if (rune.Value == 0x130)
                builder.Append("i\u0307");
            else
                builder.Append(Rune.ToLowerInvariant(rune));
        }
        return builder.ToString();
    }
}

/// <summary>`StripAccents`: drops every combining mark.</summary>
internal sealed class StripAccents : INormalizer
{
    public string Normalize(string text, ref bool atStart)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune)
                is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark))
            {
                builder.Append(rune);
            }
            else if (builder.Length == 0)
            {
                atStart = false;
            }
        }
        return builder.ToString();
    }
}
