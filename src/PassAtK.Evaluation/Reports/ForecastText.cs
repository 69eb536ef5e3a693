using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Reports;

/// <summary>What tables say of forecasts: apart from what was measured, and by that name.</summary>
internal static class ForecastText
{
    public static void Append(StringBuilder text, RunReport report)
    {
        if (report is not { Forecast: { } points, ForecastModel: { } model })
            return;
        Announce(text, report.Samples, model.Resamples);
        var tested = report.BackTest?.ToDictionary(point => point.K);
        string[] heading = ["k", "forecast", "", ""];
        TextColumns.Append(text, tested is null
            ? [heading, .. points.Select(Row)]
            : [[.. heading, "observed", "error"], .. points.Select(point => (string[])[.. Row(point), .. Tested(point.K, tested)])]);
        if (tested is not null)
            text.Append("\nobserved: pass@k by all samples of the run; error: forecast - observed\n");
        text.Append('\n');
        AppendModel(text, "model    ", model.Shapes);
    }

    public static void Append(StringBuilder text, ComparisonReport report)
    {
        if (report.Forecast is not { } forecast)
            return;
        Announce(text, report.CrossoverSearch.WithinK, forecast.Resamples);
        string[] heading = ["k", "base", "", "", "other", "", "", "diff", "", ""];
        TextColumns.Append(text, [heading, .. forecast.Base.Select((point, row) => (string[])
        [
            .. Row(point), .. Figures.Cells(forecast.Other[row]), .. Figures.SignedCells(forecast.Difference[row]),
        ])]);
        text.Append("\ncrossover  forecast ");
        ComparisonTable.AppendCrossover(text, forecast.Crossover, forecast.CrossoverSearch);
        AppendModel(text, "model      base:  ", forecast.BaseShapes);
        AppendModel(text, "           other: ", forecast.OtherShapes);
    }

    private static void Announce(StringBuilder text, int samples, int resamples)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nforecast beyond k = {samples}: not measured but extrapolated by fitted models,\n");
        text.Append(CultureInfo.InvariantCulture, $"intervals by {resamples} resamples of the problems, fitted anew\n\n");
    }

    private static string[] Row(CurvePoint point) => [Figures.Whole(point.K), .. Figures.Cells(point)];

    private static string[] Tested(int k, Dictionary<int, BackTestPoint> tested) => tested.TryGetValue(k, out var point)
        ? [Figures.Percent(point.Observed), Figures.SignedPercent(point.Error)]
        : ["", ""];

    // Shapes that hardly count are left to JSON.
    private static void AppendModel(StringBuilder text, string name, IReadOnlyList<SpreadShape> shapes)
    {
        var named = shapes.Where(shape => shape.Weight >= 0.05)
            .Select(shape => string.Create(CultureInfo.InvariantCulture, $"{Describe(shape)}, weight {shape.Weight:0.00}"));
        text.Append(CultureInfo.InvariantCulture, $"{name}p of problems is {string.Join("; ", named)}\n");
    }

    private static string Describe(SpreadShape shape) => (shape.Shape, shape.Parameters.Select(Figure).ToArray()) switch
    {
        ("beta", var of) => $"Beta({of[0]}, {of[1]})",
        ("zeroInflatedBeta", var of) => $"Beta({of[0]}, {of[1]}) and 0 for {Figures.Percent(shape.Parameters[2])}%",
        ("logitNormal", var of) => $"logit-normal({of[0]}, {of[1]})",
        var (_, of) => $"logit-normal({of[0]}, {of[1]}) for {Figures.Percent(shape.Parameters[4])}%, else ({of[2]}, {of[3]})",
    };

    private static string Figure(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
