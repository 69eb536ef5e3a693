using PassAtK.Evaluation.Reports;

namespace PassAtK.Cli.Rendering;

/// <summary>Reports on a terminal: the curves as wide and colourful as it allows, then the table. Ends with a newline.</summary>
internal static class ReportPage
{
    private const int NarrowestWidth = 40;
    private const int WidestWidth = 100;
    private const int DefaultWidth = 80;

    public static string Render(RunReport report, bool measures = false) =>
        $"{Chart(ChartSeries.Of(report, Terminal.OutHasColour))}\n{ReportTable.Render(report)}"
        + Measures(measures ? report.Measures : null, report.Name);

    public static string Render(ComparisonReport report, bool measures = false) =>
        $"{Chart(ChartSeries.Of(report, Terminal.OutHasColour))}\n{ComparisonTable.Render(report)}"
        + Measures(measures ? report.BaseMeasures : null, report.BaseName)
        + Measures(measures ? report.OtherMeasures : null, report.OtherName);

    public static string Render(SeriesReport report, bool measures = false) =>
        $"{Chart(ChartSeries.Of(report, Terminal.OutHasColour))}\n{SeriesTable.Render(report)}"
        + Measures(measures ? report.Comparisons[0].BaseMeasures : null, report.BaseName)
        + string.Concat(report.Comparisons.Select(run => Measures(measures ? run.OtherMeasures : null, run.OtherName)));

    private static string Measures(MeasuresReport? measures, string name) =>
        measures is null ? "" : $"\n{name}\n{MeasuresTable.Render(measures)}";

    private static string Chart(IReadOnlyList<ChartSeries> series) => new CurveChart
    {
        Width = Width(),
        Height = 18,
        Ascii = Environment.GetEnvironmentVariable("TERM") == "dumb",
    }.Render(series);

    private static int Width()
    {
        if (Console.IsOutputRedirected)
            return DefaultWidth;
        try
        {
            return Math.Clamp(Console.WindowWidth, NarrowestWidth, WidestWidth);
        }
        catch (IOException)
        {
            // A terminal that does not tell its size.
            return DefaultWidth;
        }
    }
}
