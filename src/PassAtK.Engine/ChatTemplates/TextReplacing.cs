using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's str.replace and str.join, with the result's size known before it is made.</summary>
internal static class TextReplacing
{
    /// <summary>Replaces the first <paramref name="count"/> occurrences, all where it is negative.</summary>
    public static StringValue Replace(Rendering rendering, string value, string old, string fresh, int count)
    {
        if (old.Length == 0)
            return ReplaceBetween(rendering, value, fresh, count);
        var output = new StringBuilder();
        var from = 0;
        while (count-- != 0 && value.IndexOf(old, from, StringComparison.Ordinal) is var found and >= 0)
        {
            rendering.WorkOnText(output.Length == 0 ? value.Length : 0);
            output.Append(value, from, found - from).Append(fresh);
            from = found + old.Length;
            if (output.Length > Rendering.MaxLength)
                break;
        }
        output.Append(value, from, value.Length - from);
        return rendering.Text(output.ToString());
    }

    /// <summary>An empty search text matches before, between and after all code points.</summary>
    private static StringValue ReplaceBetween(Rendering rendering, string value, string fresh, int count)
    {
        var points = CodePoints.Split(value);
        rendering.WorkOnText(value.Length + ((points.Count + 1L) * fresh.Length));
        var output = new StringBuilder();
        for (var i = 0; i <= points.Count; i++)
        {
            if (count < 0 || i < count)
                output.Append(fresh);
            output.Append(i < points.Count ? points[i] : "");
        }
        return new StringValue(output.ToString());
    }

    public static StringValue Join(Rendering rendering, IEnumerable<string> texts, string separator)
    {
        var output = new StringBuilder();
        var first = true;
        foreach (var text in texts)
        {
            if (!first)
                output.Append(separator);
            output.Append(text);
            first = false;
            if (output.Length > Rendering.MaxLength)
                break;
        }
        return rendering.Text(output.ToString());
    }
}
