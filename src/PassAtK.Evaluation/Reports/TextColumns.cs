using System.Text;

namespace PassAtK.Evaluation.Reports;

/// <summary>Plain aligned columns: every cell against the right edge of its column, two spaces between.</summary>
internal static class TextColumns
{
    public static void Append(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        var widths = new int[rows[0].Length];
        foreach (var row in rows)
        {
            for (var column = 0; column < widths.Length; column++)
                widths[column] = Math.Max(widths[column], row[column].Length);
        }
        foreach (var row in rows)
        {
            for (var column = 0; column < widths.Length; column++)
                text.Append("  ").Append(row[column].PadLeft(widths[column]));
            text.Append('\n');
        }
    }
}
