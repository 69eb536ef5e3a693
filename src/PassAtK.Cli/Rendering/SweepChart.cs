using System.Globalization;
using System.Text;
using PassAtK.Cli.Commands;

namespace PassAtK.Cli.Rendering;

/// <summary>Decoding throughput over batch and context as a table whose cells are shaded by their part of the largest.</summary>
internal static class SweepChart
{
    private const string Shades = " ░▒▓█";
    private const string AsciiShades = " .:+#";
    private const int Bars = 4;

    /// <param name="results">Any order; a pair that is missing stays empty.</param>
    /// <param name="ascii">Use ASCII characters alone.</param>
    /// <returns>Lines without trailing spaces, the last without an end.</returns>
    public static string Render(IReadOnlyList<BenchDocument.Result> results, bool ascii)
    {
        int[] batches = [.. results.Select(result => result.Batch).Distinct().Order()];
        int[] contexts = [.. results.Select(result => result.Prompt).Distinct().Order()];
        var most = results.Max(result => result.DecodeTokensPerSecond);
        var width = Math.Max(Text(most).Length, batches.Max(batch => Text(batch).Length)) + Bars + 2;
        var text = new StringBuilder("decode tokens/s by context (down) and batch (across)\n").Append("".PadLeft(8));
        foreach (var batch in batches)
            text.Append(Text(batch).PadLeft(width));
        foreach (var context in contexts)
        {
            var line = new StringBuilder(Text(context).PadLeft(8));
            foreach (var batch in batches)
            {
                var cell = results.FirstOrDefault(result => (result.Prompt, result.Batch) == (context, batch)) is { } result
                    ? $"{Shade(result.DecodeTokensPerSecond / most, ascii)} {Text(result.DecodeTokensPerSecond).PadLeft(width - Bars - 2)}"
                    : "";
                line.Append(cell.PadLeft(width));
            }
            text.Append('\n').Append(line.ToString().TrimEnd());
        }
        return text.ToString();
    }

    private static string Shade(double part, bool ascii)
    {
        var shades = ascii ? AsciiShades : Shades;
        return new string(shades[(int)Math.Ceiling(Math.Clamp(part, 0, 1) * (shades.Length - 1))], Bars);
    }

    private static string Text(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
