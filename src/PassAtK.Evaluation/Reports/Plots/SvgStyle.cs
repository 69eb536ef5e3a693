namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>
/// What elements of a drawing look like. Colours are attributes, which every viewer reads; classes let a style sheet replace them. The
/// colours of series stay apart for every kind of colour vision (after Okabe and Ito) and have at least 3:1 contrast on white; dashes and
/// markers differ as well.
/// </summary>
internal static class SvgStyle
{
    public const string Grid = "class=\"grid\" stroke=\"#e4e7eb\"";
    public const string Axis = "class=\"axis\" stroke=\"#8a939e\"";
    public const string Muted = "class=\"muted\" fill=\"#59636e\"";
    public const string Ink = "class=\"ink\" fill=\"#1b2026\"";
    public const string Guide = "class=\"guide\" fill=\"none\" stroke=\"#59636e\" stroke-width=\"1.75\" stroke-dasharray=\"1 5\" stroke-linecap=\"round\"";
    public const string Mark = "class=\"mark\" stroke=\"#59636e\" stroke-width=\"1.25\" stroke-dasharray=\"4 3\"";
    public const string MarkBand = "class=\"markband\" fill=\"#59636e\" fill-opacity=\"0.12\"";
    public const string Hit = "fill=\"transparent\"";

    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#00805c", "#a8518a", "#6a51a3", "#8c6900", "#1580a0", "#4d4d4d"];
    private static readonly string[] Dashes = ["", "", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 3\"", " stroke-dasharray=\"9 3 2 3\"", "", " stroke-dasharray=\"12 4\"", " stroke-dasharray=\"5 3\""];

    public static int Series(int series) => series % Colours.Length;

    public static string Line(int series, bool isForecast) =>
        $"class=\"line s{Series(series)}\" fill=\"none\" stroke=\"{Colours[Series(series)]}\" stroke-width=\"2.25\" stroke-linejoin=\"round\""
        + (isForecast ? " stroke-dasharray=\"3 6\"" : Dashes[Series(series)]);

    public static string Band(int series) => $"class=\"band f{Series(series)}\" fill=\"{Colours[Series(series)]}\" fill-opacity=\"0.16\"";

    public static string Fill(int series) => $"class=\"f{Series(series)}\" fill=\"{Colours[Series(series)]}\"";
}
