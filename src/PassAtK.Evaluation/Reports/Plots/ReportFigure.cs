namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>A figure of a report: one drawing for page and export, and the numbers that it shows.</summary>
/// <param name="Name">Its file's name without extension: lower case and hyphens.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Plot">The drawing.</param>
/// <param name="Numbers">What is drawn, as in the report's JSON.</param>
public sealed record ReportFigure(string Name, string Title, string Caption, IPlot Plot, FigureNumbers Numbers)
{
    /// <summary>Writes NAME.svg and NAME.csv of each figure; either folder may be null and is made where it is absent.</summary>
    public static void Export(IReadOnlyList<ReportFigure> figures, string? svgFolder, string? csvFolder)
    {
        foreach (var figure in figures)
        {
            if (svgFolder is not null)
                File.WriteAllText(
                    Path.Combine(Directory.CreateDirectory(svgFolder).FullName, figure.Name + ".svg"),
                    figure.Plot.Render(PlotSize.Wide) + "\n");
            if (csvFolder is not null)
                File.WriteAllText(
                    Path.Combine(Directory.CreateDirectory(csvFolder).FullName, figure.Name + ".csv"), figure.Numbers.ToCsv());
        }
    }
}
