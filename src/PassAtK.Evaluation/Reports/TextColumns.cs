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
        var widths = new int[rows[0].Length];
        var inside = rows[^1].Select(cell => cell.StartsWith('[') || cell.EndsWith(']')).ToArray();
        foreach (var row in rows)
        {
            for (var column = 0; column < widths.Length; column++)
                widths[column] = Math.Max(widths[column], row[column].Length);
        }
        foreach (var row in rows)
        {
            // Where the last headings are empty the line ends with the last one that is not.
            var end = Array.FindLastIndex(row, cell => cell.Length > 0);
            for (var column = 0; column <= end; column++)
                text.Append(' ', column == 0 || inside[column] ? 1 : 2).Append(row[column].PadLeft(widths[column]));
            text.Append('\n');
        }
    }
}
