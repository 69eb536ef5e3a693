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
        Announce(text, report.Samples, "a fitted model", model.Resamples);
        var tested = report.BackTest?.ToDictionary(point => point.K);
        string[] heading = ["k", "forecast", "", ""];
        TextColumns.Append(text, tested is null
            ? [heading, .. points.Select(Row)]
            : [[.. heading, "observed", "error"], .. points.Select(point => (string[])[.. Row(point), .. Tested(point.K, tested)])]);
        if (tested is not null)
            text.Append("\nobserved: pass@k by all samples of the run; error: forecast - observed\n");
        text.Append('\n');
        AppendModel(text, "model    ", new ZeroInflatedBeta(model.Alpha, model.Beta, model.AtZero));
    }

    public static void Append(StringBuilder text, ComparisonReport report)
    {
        if (report.Forecast is not { } forecast)
            return;
        Announce(text, report.CrossoverSearch.WithinK, "fitted models", forecast.Resamples);
        string[] heading = ["k", "base", "", "", "other", "", "", "diff", "", ""];
        TextColumns.Append(text, [heading, .. forecast.Base.Select((point, row) => (string[])
        [
            .. Row(point), .. Figures.Cells(forecast.Other[row]), .. Figures.SignedCells(forecast.Difference[row]),
        ])]);
        text.Append("\ncrossover  forecast ");
        ComparisonTable.AppendCrossover(text, forecast.Crossover, forecast.CrossoverSearch);
        AppendModel(text, "model      base:  ", forecast.BaseModel);
        AppendModel(text, "           other: ", forecast.OtherModel);
    }

    private static void Announce(StringBuilder text, int samples, string by, int resamples)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nforecast beyond k = {samples}: not measured but extrapolated by {by},\n");
        text.Append(CultureInfo.InvariantCulture, $"intervals by {resamples} draws of problems with replacement, fitted anew\n\n");
    }

    private static string[] Row(CurvePoint point) => [Figures.Whole(point.K), .. Figures.Cells(point)];

    private static string[] Tested(int k, Dictionary<int, BackTestPoint> tested) => tested.TryGetValue(k, out var point)
        ? [Figures.Percent(point.Observed), Figures.SignedPercent(point.Error)]
        : ["", ""];

    private static void AppendModel(StringBuilder text, string name, ZeroInflatedBeta model)
    {
        text.Append(CultureInfo.InvariantCulture, $"{name}p of problems is Beta({Figure(model.Alpha)}, {Figure(model.Beta)})");
        if (model.AtZero > 0)
            text.Append(CultureInfo.InvariantCulture, $", and 0 for {Figures.Percent(model.AtZero)}% of them");
        text.Append('\n');
    }

    private static string Figure(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
