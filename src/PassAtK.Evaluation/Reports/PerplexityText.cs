using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports.Html;

namespace PassAtK.Evaluation.Reports;

/// <summary>Perplexities as lines of a table.</summary>
internal static class PerplexityText
{
    private const string Indent = "\n           ";

    public static void Append(StringBuilder text, ComparisonReport report)
    {
        if (report.ScoreGap is { } gap)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"perplexity {Figures.Plural(gap.Unscored, "sample")} of the other lack a score under the base;");
            text.Append(Indent).Append("this makes them:");
            text.Append(CultureInfo.InvariantCulture, $"{Indent}{Command(gap)}\n");
        }
        if (report.Perplexity is not { } perplexity)
            return;
        text.Append("perplexity of a token at temperature 1, whatever samples were drawn with");
        Append(text, "all", perplexity.All);
        if (perplexity.Correct is { } correct)
            Append(text, "correct", correct);
        text.Append('\n');
    }

    /// <summary>Whether the base finds likely what another run says, in few lines: one paragraph of several.</summary>
    public static void AppendShort(StringBuilder text, ComparisonReport report)
    {
        if (report.ScoreGap is { } gap)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"    perplexity: {Figures.Plural(gap.Unscored, "sample")} of {report.OtherName} lack a score under {report.BaseName};");
            text.Append(CultureInfo.InvariantCulture, $" this makes them:\n      {Command(gap)}\n");
        }
        if (report.Perplexity is not { All: var all })
            return;
        var (@base, other) = (report.BaseName, report.OtherName);
        text.Append("    perplexity of a token at temperature 1\n");
        Line(@base, @base, all.BaseUnderBase);
        Line(other, @base, all.OtherUnderBase);
        Line(other, other, all.OtherUnderOther);

        void Line(string samples, string model, Perplexity perplexity) => text.Append(CultureInfo.InvariantCulture,
            $"      {samples}'s samples under {model}: {Interval(perplexity.Mean)}{Impossible(perplexity)}\n");
    }

    private static string Command(ScoreGap gap) =>
        $"passatk score {ShellWord.Quoted(gap.Run)} --model {ShellWord.Quoted(gap.Model)}";

    /// <summary>A mean with its interval, with as many digits as tell values near 1 apart.</summary>
    public static string Interval(MeanEstimate? mean)
    {
        if (mean is not { } known)
            return "infinite";
        var format = known.Estimate < 2 ? "0.000" : known.Estimate < 10 ? "0.00" : known.Estimate < 100 ? "0.0" : "0";
        return $"{Text(known.Estimate)} [{Text(known.Low)}, {Text(known.High)}]";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Says what makes a mean infinite; empty where nothing does.</summary>
    public static string Impossible(Perplexity perplexity) => perplexity.Impossible == 0
        ? ""
        : $" ({Figures.Plural(perplexity.Impossible, "sample")} with a token it gives no probability)";

    private static void Append(StringBuilder text, string samples, PairedPerplexity pair)
    {
        text.Append(CultureInfo.InvariantCulture, $"{Indent}{samples} samples, {Figures.Plural(pair.Problems, "problem")}");
        Line("base's under base  ", Interval(pair.BaseUnderBase.Mean) + Impossible(pair.BaseUnderBase));
        Line("other's under base ", Interval(pair.OtherUnderBase.Mean) + Impossible(pair.OtherUnderBase));
        if (pair.Ratio is not null)
            Line("", $"{Interval(pair.Ratio)} times base's own");
        var (share, low, high) = pair.BaseLikelier;
        Line("", $"{Figures.Percent(share)}% [{Figures.Percent(low)}, {Figures.Percent(high)}] of base's own are likelier");
        Line("", "under base than one of other's");
        Line("other's under other", Interval(pair.OtherUnderOther.Mean) + Impossible(pair.OtherUnderOther));

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{Indent}  {name,-19}  {value}");
    }
}
