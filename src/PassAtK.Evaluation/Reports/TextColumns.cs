using System.Text;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// Plain aligned columns: every cell against the right edge of its column, two spaces between; one before an opening bracket and
/// inside the brackets of an interval.
/// </summary>
internal static class TextColumns
{
    public static void Append(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        var (widths, inside) = (Widths(rows), Inside(rows));
        foreach (var row in rows)
        {
            // Where the last headings are empty the line ends with the last one that is not.
            var end = Array.FindLastIndex(row, cell => cell.Length > 0);
            for (var column = 0; column <= end; column++)
                text.Append(' ', column == 0 || inside[column] ? 1 : 2).Append(row[column].PadLeft(widths[column]));
            text.Append('\n');
        }
    }

    /// <summary>Characters of the longest line.</summary>
    public static int Width(IReadOnlyList<string[]> rows)
    {
        var (widths, inside) = (Widths(rows), Inside(rows));
        return widths.Select((width, column) => width + (column == 0 || inside[column] ? 1 : 2)).Sum();
    }

    private static int[] Widths(IReadOnlyList<string[]> rows) =>
        [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];

    private static bool[] Inside(IReadOnlyList<string[]> rows) =>
        [.. rows[^1].Select(cell => cell.StartsWith('[') || cell.EndsWith(']'))];
}
