using PassAtK.Evaluation.Reports.Findings;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>
/// A report as one HTML page that needs nothing else: no network, no other file. It is a function of the runs and the settings, without a
/// time of its own, so equal runs give equal bytes.
/// </summary>
public static class HtmlReport
{
    /// <summary>The page of one run.</summary>
    public static string Render(RunReport report, PageRun run, PageLimits? limits = null)
    {
        var samples = report.Samples == report.SamplesMost
            ? Figures.Plural(report.Samples, "sample") + " each"
            : $"{Figures.Whole(report.Samples)} to {Figures.Plural(report.SamplesMost, "sample")} each";
        var unfinished = report.LeftOut is { } leftOut ? $" of {Figures.Whole(leftOut.OfProblems)} (not finished)" : "";
        return Page(
            report.Name, $"{Figures.Plural(report.Problems, "problem")}{unfinished}, {samples}",
            KeyNumbersPart.Render(report), RunFindings.Of(report, run.Run), ReportFigures.Of(report, run.Run), [(report.Name, run)], report.Interval, limits);
    }

    /// <summary>The page of a comparison.</summary>
    /// <param name="report">The numbers.</param>
    /// <param name="base">The base run.</param>
    /// <param name="other">The other run.</param>
    /// <param name="differences">One sentence for each setting in which the runs differ.</param>
    /// <param name="limits">How large it may become.</param>
    public static string Render(
        ComparisonReport report, PageRun @base, PageRun other, IReadOnlyList<string> differences, PageLimits? limits = null) => Page(
        $"{report.BaseName} and {report.OtherName}", $"{Figures.Plural(report.Problems, "common problem")}, k up to {Figures.Whole(report.K[^1])}",
        KeyNumbersPart.Render(report), ComparisonFindings.Of(report, @base.Run, other.Run, differences),
        ReportFigures.Of(report, @base.Run, other.Run), [(report.BaseName, @base), (report.OtherName, other)], report.Interval, limits);

    /// <summary>The page of several runs.</summary>
    /// <param name="report">The numbers.</param>
    /// <param name="runs">All runs, the first the base.</param>
    /// <param name="differences">One sentence for each setting in which a run differs from the first.</param>
    /// <param name="limits">How large it may become.</param>
    public static string Render(
        SeriesReport report, IReadOnlyList<PageRun> runs, IReadOnlyList<string> differences, PageLimits? limits = null)
    {
        ReportedRun[] reported = [.. runs.Select(run => run.Run)];
        string[] names = [report.BaseName, .. report.Names];
        return Page(
            string.Join(", ", names),
            $"{Figures.Plural(report.Problems, "common problem")}, k up to {Figures.Whole(report.K[^1])}",
            KeyNumbersPart.Render(report), SeriesFindings.Of(report, reported, differences), SeriesFigures.Of(report, reported),
            [.. names.Zip(runs)], report.Comparisons[0].Interval, limits, SeriesTablePart.Render(report));
    }

    private static string Page(
        string title, string subtitle, Markup key, IReadOnlyList<Finding> findings, IReadOnlyList<ReportFigure> figures,
        IReadOnlyList<(string Name, PageRun Run)> runs, IntervalReport interval, PageLimits? limits,
        Markup table = default)
    {
        var problems = PageRun.Problems([.. runs.Select(run => run.Run)], limits ?? PageLimits.Default);
        string[] names = [.. runs.Select(run => run.Name)];
        var data = PageData.Write(names, [.. runs.Select(run => Export(run.Run))], problems);
        return Markup.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{PageResource.Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>{title} · pass@k</title>
            <style>{new Markup(PageResource.Style)}</style>
            </head>
            <body>
            <header>
            <p class="eyebrow">pass@k report</p>
            <h1>{title}</h1>
            <p class="subtitle">{subtitle} · brackets and bands are {Figures.Confidence(interval)} intervals</p>
            {key}</header>
            <main>
            {FigureColumns.Render(figures, findings)}{table}{ProblemTablePart.Render(names, problems)}{SettingsPart.Render([.. runs.Select(run => (run.Name, run.Run.Run))], interval)}</main>
            <footer><p>Made by <code>passatk</code>. This page is one file and loads nothing.
            All figures: <code>--svg DIR</code>, all numbers: <code>--csv DIR</code> or <code>--json</code>, all samples: <code>passatk export</code>.</p></footer>
            <noscript><p class="note">Without JavaScript the table does not sort and the samples do not open; everything else is here.</p></noscript>
            <dialog id="problem" aria-labelledby="problem-title"></dialog>
            <script type="application/json" id="data">{new Markup(data)}</script>
            <script>{new Markup(PageResource.Script)}</script>
            </body>
            </html>

            """).Html;
    }

    private static string? Export(PageRun run) =>
        run.Reader is null ? null : $"passatk export {ShellWord.Quoted(run.Run.Path ?? run.Reader.Path)}";
}
