using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>The further measures of a run as plain text for a terminal, lines ended by \n, within 80 columns.</summary>
public static class MeasuresTable
{
    private const string Indent = "\n          ";

    public static string Render(MeasuresReport report)
    {
        var text = new StringBuilder();
        TextColumns.Append(text,
        [
            ["k", "pass^k", "", "", "G-Pass 1/2", "", "", "mG-Pass", "", ""],
            .. report.Reliability.GPass.Zip(report.Reliability.AllCorrect, (point, all) => new[]
            {
                [Figures.Whole(point.K)], Figures.Cells(all), Cells(At(point, 0.5)), point.Mean is { } mean ? Cells(mean) : ["-", "", ""],
            }.SelectMany(cells => cells).ToArray()),
        ]);
        AppendCover(text, report.Reliability.Cover);
        AppendAnswers(text, report.Answers);
        AppendLengths(text, report.Lengths);
        AppendDepths(text, report.Exploration);
        return text.ToString();
    }

    private static void AppendCover(StringBuilder text, IReadOnlyList<ThresholdPoint> cover)
    {
        text.Append("\ncover     of problems so many have at least a share tau of their samples correct");
        for (var i = 0; i < cover.Count; i++)
        {
            var share = Interval(new(cover[i].Estimate, cover[i].Low, cover[i].High), Figures.Percent);
            var piece = string.Create(CultureInfo.InvariantCulture, $"tau = {cover[i].Tau,-4:0.##}  {share}");
            AppendPair(text, i, i + 1 == cover.Count, piece);
        }
        text.Append('\n');
    }

    private static void AppendAnswers(StringBuilder text, AnswerDiversity? answers)
    {
        if (answers is null)
            return;
        text.Append(CultureInfo.InvariantCulture, $"answers   {Interval(answers.Distinct, Tenths)} different answers a problem");
        text.Append(CultureInfo.InvariantCulture, $"{Indent}entropy in nats: plug-in {Interval(answers.PlugIn, Hundredths)},");
        text.Append(CultureInfo.InvariantCulture,
            $"{Indent}Miller-Madow {Interval(answers.MillerMadow, Hundredths)}, Chao-Shen {Interval(answers.ChaoShen, Hundredths)}\n");
    }

    private static void AppendLengths(StringBuilder text, SampleLengths? lengths)
    {
        if (lengths is null)
            return;
        text.Append(CultureInfo.InvariantCulture, $"length    {Interval(lengths.All, Tenths)} tokens a sample");
        if (lengths.Correct is { } correct)
            text.Append(CultureInfo.InvariantCulture, $"{Indent}correct {Interval(correct, Tenths)}");
        if (lengths.Wrong is { } wrong)
            text.Append(CultureInfo.InvariantCulture, $"{(lengths.Correct is null ? Indent : ", ")}wrong {Interval(wrong, Tenths)}");
        // Halves between neighbours mean nothing where samples are long, and six of them would not fit into a line.
        text.Append(Indent).AppendJoin(", ", lengths.Quantiles.Select(quantile => string.Create(
            CultureInfo.InvariantCulture, $"{100 * quantile.Share:0}%: {Math.Round(quantile.Tokens, quantile.Tokens < 1_000 ? 1 : 0)}")));
        text.Append('\n');
    }

    private static void AppendDepths(StringBuilder text, Exploration? exploration)
    {
        if (exploration is null)
            return;
        text.Append("explored  ").Append(Interval(exploration.Overall, Figures.Percent));
        text.Append(" different prefixes per 100 tokens; after");
        for (var i = 0; i < exploration.Depths.Count; i++)
        {
            var band = exploration.Depths[i];
            var depths = band.From == band.To ? Figures.Whole(band.From) : $"{band.From}-{band.To}";
            var share = Interval(new(band.Estimate, band.Low, band.High), Figures.Percent);
            AppendPair(text, i, i + 1 == exploration.Depths.Count, $"{depths,-9} {share}");
        }
        text.Append('\n');
    }

    // Two to a line.
    private static void AppendPair(StringBuilder text, int index, bool isLast, string piece)
    {
        if (index % 2 == 0)
            text.Append(Indent).Append(isLast ? piece : piece.PadRight(34));
        else
            text.Append(piece);
    }

    private static string[] Cells(MeanEstimate mean) => Figures.Cells(new CurvePoint(1, mean.Estimate, mean.Low, mean.High));

    private static MeanEstimate At(GPassPoint point, double tau)
    {
        var at = point.At.Single(candidate => candidate.Tau == tau);
        return new MeanEstimate(at.Estimate, at.Low, at.High);
    }

    private static string Interval(MeanEstimate mean, Func<double, string> write) =>
        $"{write(mean.Estimate)} [{write(mean.Low)}, {write(mean.High)}]";

    private static string Tenths(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Hundredths(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
