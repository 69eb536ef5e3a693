using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Strings as Python sees them: sequences of code points. A surrogate without its partner counts as one.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        var count = text.Length;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
            {
                count--;
                i++;
            }
        }
        return count;
    }

    public static bool HasSurrogates(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    /// <summary>One string for each code point.</summary>
    public static List<string> Split(string text)
    {
        var points = new List<string>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var length = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            points.Add(text.Substring(i, length));
            i += length - 1;
        }
        return points;
    }

    /// <summary>Order by code point, as Python compares str.</summary>
    public static int Compare(string left, string right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var i = 0; i < common; i++)
        {
            if (left[i] == right[i])
                continue;
            // Surrogates stand for code points above all other UTF-16 units.
            var leftAstral = char.IsSurrogate(left[i]);
            return leftAstral == char.IsSurrogate(right[i]) ? left[i].CompareTo(right[i]) : leftAstral ? 1 : -1;
        }
        return left.Length.CompareTo(right.Length);
    }

    /// <summary>The first code point and the rest.</summary>
    public static (string Head, string Tail) Cut(string text)
    {
        var length = text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : Math.Min(1, text.Length);
        return (text[..length], text[length..]);
    }

    public static string Join(IEnumerable<string> points)
    {
        var text = new StringBuilder();
        foreach (var point in points)
            text.Append(point);
        return text.ToString();
    }
}
