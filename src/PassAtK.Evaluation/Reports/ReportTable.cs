using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>A run's report as plain text for a terminal, lines ended by \n, within 80 columns.</summary>
public static class ReportTable
{
    public static string Render(RunReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Name}: {Figures.Plural(report.Problems, "problem")}, {Samples(report)}\n");
        LeftOut.Append(text, report.Name, report.LeftOut);
        text.Append(CultureInfo.InvariantCulture, $"percent, {Figures.Intervals(report.Interval)};\n");
        text.Append("standard errors by source, between problems and within them\n\n");
        TextColumns.Append(text, [Heading(report), .. report.PassAtK.Select((_, row) => Row(report, row))]);
        AppendMajority(text, report.MajAtK);
        if (report.Sharing is not null || report.Finish is not null || report.ChanceSolved is not null || report.ChanceGap is not null
            || report.Adaptive is not null)
            text.Append('\n');
        AppendChance(text, report);
        AppendSharing(text, report.Sharing);
        AppendEntropy(text, report.Entropy);
        AppendFinish(text, report.Finish);
        AdaptiveReport.Append(text, report.Adaptive);
        ForecastText.Append(text, report);
        return text.ToString();
    }

    private static string Samples(RunReport report) => report.Samples == report.SamplesMost
        ? $"{Figures.Plural(report.Samples, "sample")} each"
        : $"{report.Samples} to {Figures.Plural(report.SamplesMost, "sample")} each (k ends at {report.Samples})";

    private static string[] Heading(RunReport report) =>
    [
        "k", "pass@k", "", "", .. report.Chance is null ? Array.Empty<string>() : ["chance", "above", "", ""], "between", "within",
    ];

    private static string[] Row(RunReport report, int row)
    {
        var point = report.PassAtK[row];
        string[] chance = report.Chance is null || report.AboveChance is null
            ? []
            : [Figures.Percent(report.Chance[row].Estimate), .. Figures.SignedCells(report.AboveChance.Difference[row])];
        var error = report.StandardErrors[row];
        return
        [
            Figures.Whole(point.K), .. Figures.Cells(point), .. chance,
            error.BetweenProblems is { } between ? Figures.Percent(between) : "-", Figures.Percent(error.WithinProblems),
        ];
    }

    private static void AppendMajority(StringBuilder text, IReadOnlyList<CurvePoint>? majority)
    {
        if (majority is null)
            return;
        text.Append('\n');
        TextColumns.Append(
            text, [["k", "maj@k", "", ""], .. majority.Select(point => (string[])[Figures.Whole(point.K), .. Figures.Cells(point)])]);
    }

    private static void AppendChance(StringBuilder text, RunReport report)
    {
        const string Indent = "\n         ";
        if (report.ChanceGap is { } gap)
            text.Append(CultureInfo.InvariantCulture, $"chance   {ChanceText.Gap(gap, report.Problems, Indent)}\n");
        if (report is not { AboveChance: { } above, ChanceSolved: { OfAll: var all, OfSolved: var some } solved })
            return;
        text.Append("chance   ").AppendJoin(Indent, ChanceText.Above(above));
        text.Append(CultureInfo.InvariantCulture,
            $"{Indent}solved {some.Problems} of {all.Problems}; blind guessing with as many tries would solve");
        text.Append(CultureInfo.InvariantCulture,
            $"{Indent}{ChanceText.Count(all)} of all {all.Problems} and {ChanceText.Count(some)} of those {some.Problems},");
        text.Append(CultureInfo.InvariantCulture,
            $"{Indent}mean and [{Figures.Confidence(report.Interval)} range] of one run, and {some.Problems} or more ");
        text.Append(CultureInfo.InvariantCulture, $"with P {ChanceText.Probability(solved.AtLeastAsMany)}\n");
    }

    private static void AppendSharing(StringBuilder text, SharingReport? sharing)
    {
        if (sharing is not { Exploration: { } exploration, ComputedRows: > 0 })
            return;
        text.Append(CultureInfo.InvariantCulture,
            $"sharing  {Figures.Times(1 / exploration)} sampled tokens per computed row (exploration {Figures.Percent(exploration)}%)\n");
    }

    private static void AppendEntropy(StringBuilder text, SamplingEntropy? entropy)
    {
        if (entropy is not null)
            text.Append(CultureInfo.InvariantCulture, $"entropy  {Figures.Entropy(entropy)}\n");
    }

    private static void AppendFinish(StringBuilder text, FinishReport? finish)
    {
        if (finish is not { LengthShare: { } cut })
            return;
        text.Append(CultureInfo.InvariantCulture, $"finish   {Figures.Percent(cut)}% of samples were cut at the token limit");
        if (finish.LengthShareOfWrong is { } wrong)
            text.Append(CultureInfo.InvariantCulture, $", {Figures.Percent(wrong)}% of the wrong ones");
        text.Append('\n');
    }
}
