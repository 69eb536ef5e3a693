using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>A comparison as plain text for a terminal, lines ended by \n, within 80 columns unless names are long.</summary>
public static class ComparisonTable
{
    public static string Render(ComparisonReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"base   {report.BaseName}\nother  {report.OtherName}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Figures.Plural(report.Problems, "common problem")}, k up to {report.K[^1]}");
        if (report.DroppedBase + report.DroppedOther > 0)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"; dropped: {report.DroppedBase} only in base, {report.DroppedOther} only in other");
        }
        text.Append(CultureInfo.InvariantCulture, $"\npercent, {Figures.Intervals(report.Interval)}\n\n");
        TextColumns.Append(text, [Heading(report), .. report.K.Select((_, row) => Row(report, row))]);
        AppendMajority(text, report);
        text.Append("\ncrossover  ");
        AppendCrossover(text, report.Crossover, report.CrossoverSearch);
        AppendSolvable(text, report.Solvable);
        AppendChance(text, report);
        var gap = report.SamplingEfficiencyGap;
        text.Append(CultureInfo.InvariantCulture,
            $"gap        base pass@{gap.K} - other pass@1 = {string.Join(' ', Figures.SignedCells(gap))}\n");
        AppendEntropy(text, "base ", report.BaseEntropy);
        AppendEntropy(text, "other", report.OtherEntropy);
        PerplexityText.Append(text, report);
        ForecastText.Append(text, report);
        return text.ToString();
    }

    private static void AppendMajority(StringBuilder text, ComparisonReport report)
    {
        if (report.MajAtK is not { } majority)
            return;
        text.Append('\n');
        string[] heading = ["maj@k", "base", "", "", "other", "", "", "diff", "", ""];
        TextColumns.Append(text, [heading, .. report.K.Select(Row)]);

        string[] Row(int k, int row) =>
        [
            k.ToString(CultureInfo.InvariantCulture),
            .. Figures.Cells(majority.Base[row]), .. Figures.Cells(majority.Other[row]), .. Figures.SignedCells(majority.Difference[row]),
        ];
    }

    private static void AppendEntropy(StringBuilder text, string run, SamplingEntropy? entropy)
    {
        if (entropy is not null)
            text.Append(CultureInfo.InvariantCulture, $"entropy    {run} {Figures.Entropy(entropy)}\n");
    }

    private static string[] Heading(ComparisonReport report)
    {
        string[] heading = ["k", "base", "", "", "other", "", "", "diff", "", ""];
        return report.Chance is null ? heading : [.. heading, "chance"];
    }

    private static string[] Row(ComparisonReport report, int row)
    {
        var (left, right, difference) = (report.BaseIntervals[row], report.OtherIntervals[row], report.Difference[row]);
        string[] cells =
        [
            report.K[row].ToString(CultureInfo.InvariantCulture),
            .. Figures.Cells(left), .. Figures.Cells(right), .. Figures.SignedCells(difference),
        ];
        return report.Chance is null ? cells : [.. cells, Figures.Percent(report.Chance[row])];
    }

    /// <summary>What follows "crossover  ".</summary>
    public static void AppendCrossover(StringBuilder text, CrossoverReport? found, CrossoverSearch search)
    {
        if (found is { } crossover)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"k* = {Figures.K(crossover.K)} [{Limit(crossover.Low)}, {Limit(crossover.High)}]: from there on the base is ahead\n");
            if (search.SignChanges > 1)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"           the lead changes hands {search.SignChanges} times; this is the last\n");
            }
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"none within k = {search.WithinK}: {Reason(search.Outcome)}\n");
        }
        var without = search.ShareBaseAhead + search.ShareOtherAhead;
        text.Append(CultureInfo.InvariantCulture, $"           {Figures.Percent(without)}% of resamples have none\n");

        string Limit(double? limit) => limit is { } k ? Figures.K(k) : $"> {search.WithinK}";
    }

    private static string Reason(string outcome) => outcome switch
    {
        "baseAheadThroughout" => "the other is ahead nowhere",
        "otherAheadAtEnd" => "the base is not ahead at the end",
        _ => "the curves are the same",
    };

    private static void AppendSolvable(StringBuilder text, SolvableSets sets)
    {
        text.Append(CultureInfo.InvariantCulture,
            $"solvable   both {Figures.Count(sets.Both)}, only base {Figures.Count(sets.BaseOnly)}, ");
        text.Append(CultureInfo.InvariantCulture,
            $"only other {Figures.Count(sets.OtherOnly)}, neither {Figures.Count(sets.Neither)}; ");
        text.Append(sets.McNemarP is { } p
            ? $"McNemar p = {Figures.PValue(p)}\n"
            : "no McNemar p: n differ\n");
        text.Append(CultureInfo.InvariantCulture,
            $"           only base {Share(sets.BaseOnlyShare)}, only other {Share(sets.OtherOnlyShare)} of problems\n");
    }

    private static void AppendChance(StringBuilder text, ComparisonReport report)
    {
        const string Indent = "\n           ";
        if (report.ChanceGap is { } gap)
            text.Append(CultureInfo.InvariantCulture, $"chance     {ChanceText.Gap(gap, report.Problems, Indent)}\n");
        if (report is not { BaseAboveChance: { } left, OtherAboveChance: { } right, ChanceSolved: { } solved })
            return;
        text.Append("chance     base:  ").AppendJoin(Indent + "       ", ChanceText.Above(left));
        text.Append(Indent).Append("other: ").AppendJoin(Indent + "       ", ChanceText.Above(right));
        text.Append(CultureInfo.InvariantCulture,
            $"{Indent}solved by blind guessing with as many tries, mean and [{Figures.Confidence(report.Interval)} range]:");
        (string Name, ChanceCount Count)[] sets =
        [
            ("all", solved.All), ("base", solved.Base), ("other", solved.Other), ("both", solved.Both), ("only base", solved.BaseOnly),
            ("only other", solved.OtherOnly), ("neither", solved.Neither),
        ];
        foreach (var (name, count) in sets)
            text.Append(CultureInfo.InvariantCulture, $"{Indent}  {name,-10}  {ChanceText.Count(count)} of {Figures.Count(count.Problems)}");
        if (solved is { AsManyAsBase: { } asBase, AsManyAsOther: { } asOther })
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Indent}guessing solves {solved.Base.Problems} or more, as base, with P {ChanceText.Probability(asBase)};");
            text.Append(CultureInfo.InvariantCulture,
                $"{Indent}{solved.Other.Problems} or more, as other, with P {ChanceText.Probability(asOther)}");
        }
        text.Append('\n');
    }

    private static string Share(ShareEstimate share) =>
        $"{Figures.Percent(share.Estimate)}% [{Figures.Percent(share.Low)}, {Figures.Percent(share.High)}]";
}
