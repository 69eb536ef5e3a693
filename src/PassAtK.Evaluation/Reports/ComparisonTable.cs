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
        text.Append('\n');
        LeftOut.Append(text, report.BaseName, report.BaseLeftOut);
        LeftOut.Append(text, report.OtherName, report.OtherLeftOut);
        text.Append(CultureInfo.InvariantCulture, $"percent, {Figures.Intervals(report.Interval)}\n\n");
        TextColumns.Append(text, [Heading(report), .. report.K.Select((_, row) => Row(report, row))]);
        AppendMajority(text, report);
        text.Append("\ncrossover  ");
        AppendCrossover(text, report.Crossover, report.CrossoverSearch);
        AppendSolvable(text, report);
        AppendChance(text, report);
        var gap = report.SamplingEfficiencyGap;
        text.Append(CultureInfo.InvariantCulture,
            $"gap        base pass@{gap.K} - other pass@1 = {string.Join(' ', Figures.SignedCells(gap))}\n");
        if (gap.K > 1)
            text.Append(CultureInfo.InvariantCulture, $"           what {gap.K} tries of base reach beyond one try of other\n");
        AppendExploration(text, report);
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

    private static void AppendExploration(StringBuilder text, ComparisonReport report)
    {
        if (report is not
            {
                BaseMeasures.Exploration.Overall: var left,
                OtherMeasures.Exploration.Overall: var right,
                ExplorationDifference: { } difference,
            })
        {
            return;
        }
        text.Append(CultureInfo.InvariantCulture,
            $"explored   base {Cells(left, Figures.Cells)}, other {Cells(right, Figures.Cells)},\n");
        text.Append(CultureInfo.InvariantCulture, $"           other - base {Cells(difference, Figures.SignedCells)}\n");
        text.Append("           different beginnings in 100 tokens: 100 where no samples start alike\n");

        static string Cells(MeanEstimate mean, Func<CurvePoint, string[]> write) =>
            string.Join(' ', write(new CurvePoint(1, mean.Estimate, mean.Low, mean.High)));
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
        text.Append(CultureInfo.InvariantCulture, $"{Crossover(found, search)}\n");
        if (found is not null && search.SignChanges > 1)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"           the lead changes hands {search.SignChanges} times; this is the last\n");
        }
        var (throughout, notAtEnd) = (Figures.Percent(search.ShareBaseAhead), Figures.Percent(search.ShareOtherAhead));
        text.Append(CultureInfo.InvariantCulture,
            $"           resamples: base ahead throughout {throughout}%, not ahead at the end {notAtEnd}%\n");
    }

    /// <summary>k* with its limits, or why there is none.</summary>
    internal static string Crossover(CrossoverReport? found, CrossoverSearch search)
    {
        return found is { } crossover
            ? $"k* = {Figures.K(crossover.K)} [{Limit(crossover.Low)}, {Limit(crossover.High)}]: from there on the base is ahead"
            : $"none within k = {search.WithinK}: {Reason(search.Outcome)}";

        string Limit(double? limit) => limit is { } k ? Figures.K(k) : $"> {search.WithinK}";
    }

    private static string Reason(string outcome) => outcome switch
    {
        "baseAheadThroughout" => "the other is ahead nowhere",
        "otherAheadAtEnd" => "the base is not ahead at the end",
        _ => "the curves are the same",
    };

    /// <summary>With how many tries sets were read, and McNemar's p of real counts: expected ones have none.</summary>
    internal static string McNemar(SolvableSets sets) => sets.McNemarP is { } value
        ? $"with {Figures.Tries(sets)}; McNemar p = {Figures.PValue(value)}"
        : $"with {Figures.Tries(sets)}, expected numbers: n differ; no McNemar p";

    private static void AppendSolvable(StringBuilder text, ComparisonReport report)
    {
        var sets = report.Solvable;
        text.Append(CultureInfo.InvariantCulture, $"solvable   {McNemar(sets)}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"           both {Figures.Count(sets.Both)}, only base {Figures.Count(sets.BaseOnly)}, ");
        text.Append(CultureInfo.InvariantCulture,
            $"only other {Figures.Count(sets.OtherOnly)}, neither {Figures.Count(sets.Neither)};\n");
        text.Append(CultureInfo.InvariantCulture,
            $"           only base {Figures.Share(sets.BaseOnlyShare)}, only other {Figures.Share(sets.OtherOnlyShare)} of problems\n");
        if (report.ChangedSides is not { } sides || sides.BaseOnly.Count + sides.OtherOnly.Count == 0)
            return;
        AppendSide(text, "only base", sides.BaseOnly, pair => $"{pair.Id} {pair.BaseCorrect}/{pair.BaseSamples}");
        AppendSide(text, "only other", sides.OtherOnly, pair => $"{pair.Id} {pair.OtherCorrect}/{pair.OtherSamples}");
        text.Append("           look at one with `passatk export RUN --problem ID`\n");
    }

    // The most often solved first, wrapped at 80 columns.
    private static void AppendSide(StringBuilder text, string side, IReadOnlyList<ProblemPair> pairs, Func<ProblemPair, string> name)
    {
        const int Shown = 10;
        if (pairs.Count == 0)
            return;
        var names = pairs.Take(Shown).Select(name).ToList();
        if (pairs.Count > Shown)
            names.Add($"{pairs.Count - Shown} more in --json");
        var line = $"           {side}:";
        for (var i = 0; i < names.Count; i++)
        {
            var piece = i + 1 < names.Count ? names[i] + "," : names[i];
            if (line.Length + 1 + piece.Length > 80)
            {
                text.Append(line).Append('\n');
                line = new string(' ', 22);
            }
            line += " " + piece;
        }
        text.Append(line).Append('\n');
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
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Indent}  {name,-10}  {ChanceText.Count(count)} of {Figures.Count(count.Problems)}");
        }
        if (solved is { AsManyAsBase: { } asBase, AsManyAsOther: { } asOther })
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Indent}guessing solves {solved.Base.Problems} or more, as base, with P {ChanceText.Probability(asBase)};");
            text.Append(CultureInfo.InvariantCulture,
                $"{Indent}{solved.Other.Problems} or more, as other, with P {ChanceText.Probability(asOther)}");
        }
        text.Append('\n');
    }
}
