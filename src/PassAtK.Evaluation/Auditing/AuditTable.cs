using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Reports;

namespace PassAtK.Evaluation.Auditing;

/// <summary>An audit as plain text for a terminal, lines ended by \n: a section for each kind of finding, its counts first.</summary>
public static class AuditTable
{
    private const int MostProblems = 10;
    private const int LongestCell = 40;

    public static string Render(AuditReport report)
    {
        var text = new StringBuilder();
        Line(text, $"{report.Name}: {Figures.Plural(report.Problems, "problem")}, ",
            $"{Figures.Plural(report.Samples, "sample")} judged by {report.Grader}");
        if (report.Ungraded > 0)
            Line(text, $"{Figures.Plural(report.Ungraded, "sample")} without its verdict, left out; run `passatk grade`");
        if (report.Pilot > 0)
            Line(text, $"{Figures.Plural(report.Pilot, "sample")} of the pilot, left out: it only told how many samples each problem gets");
        AppendAgainst(text, report);
        AppendMissed(text, report.Missed);
        AppendEndings(text, report.Cut);
        AppendGolds(text, report.Golds);
        AppendDuplicates(text, report.Duplicates);
        return text.ToString();
    }

    private static void AppendAgainst(StringBuilder text, AuditReport report)
    {
        text.Append("\ngraders\n");
        if (report.Against.Count == 0)
            text.Append("  no other grader or version has judged this run; `passatk grade RUN --grader NAME` adds one\n");
        foreach (var other in report.Against)
        {
            Line(text, $"  {other.Against} disagrees on {Of(other.OnlyCorrect + other.OnlyAgainstCorrect, other.Share)} ",
                $"of {Figures.Plural(other.Samples, "sample")}, in {Figures.Plural(other.Problems, "problem")}");
            Line(text, $"    correct for both {other.BothCorrect}, only for {report.Grader} {other.OnlyCorrect}, ",
                $"only for {other.Against} {other.OnlyAgainstCorrect}, for neither {other.BothWrong}");
            foreach (var example in other.Examples)
            {
                Line(text, $"    {Cell(example.Problem)} [{example.Index}]: {Word(example.Correct)} {Cell(example.Extracted)}, ",
                    $"by {other.Against} {Word(example.AgainstCorrect)} {Cell(example.AgainstExtracted)}");
            }
        }
    }

    private static void AppendMissed(StringBuilder text, MissedAnswers missed)
    {
        text.Append("\nextraction\n");
        Line(text, $"  {Of(missed.WithoutAnswer, missed.Share)} of samples have no valid answer, ",
            $"{missed.WithoutAnswerAndLength} of them cut at the token limit");
        if (missed.GoldAtEnd is not { } mentions)
            return;
        Line(text, $"  {Of(mentions, missed.GoldAtEndShareOfWrong)} of the wrong ones hold the gold in their last line");
        foreach (var example in missed.Examples)
        {
            Line(text, $"    {Cell(example.Problem)} [{example.Index}]: gold {Cell(example.Gold)}, read {Cell(example.Extracted)}, ",
                $"ends {Cell(example.LastLine, fromEnd: true)}");
        }
    }

    private static void AppendEndings(StringBuilder text, CutSamples cut)
    {
        var all = cut.Endings;
        text.Append("\nendings\n");
        Line(text, $"  {Of(all.Length, cut.LengthShare)} of samples were cut at the token limit, ",
            $"{Of(all.WrongAndLength, cut.LengthShareOfWrong)} of the wrong ones");
        if (all is { StopText: { } byText, WrongAndStopText: { } wrong, EndOfSequence: { } byModel })
        {
            Line(text, $"  {Of(byText, cut.StopTextShare)} ended at a stop text, {Of(wrong, cut.StopTextShareOfWrong)} of the wrong ones; ",
                $"{byModel} by the model itself");
        }
        else
        {
            text.Append("  the others ended at a stop text or by the model: --model DIR tells these apart\n");
        }
        if (cut.Problems.Count > 0)
        {
            Line(text, $"  {Figures.Plural(cut.Problems.Count, "problem")} with wrong samples that the limit cut",
                $"{First(cut.Problems.Count)}");
        }
        foreach (var (problem, endings) in cut.Problems.Take(MostProblems))
        {
            Line(text, $"    {Cell(problem)}: {endings.WrongAndLength} of {Figures.Plural(endings.Wrong, "wrong sample")}, ",
                $"of {endings.Samples}");
        }
    }

    private static void AppendGolds(StringBuilder text, DoubtfulGolds? golds)
    {
        if (golds is null)
            return;
        text.Append("\ngolds\n");
        Line(text, $"  {Figures.Plural(golds.Count, "problem")} with a clear majority for an answer that the gold contradicts",
            $"{First(golds.Count)}");
        foreach (var gold in golds.Problems.Take(MostProblems))
        {
            Line(text, $"    {Cell(gold.Problem)}: gold {Cell(gold.Gold, fromEnd: true)} has {gold.GoldVotes}, ",
                $"{Cell(gold.Majority)} has {gold.Votes} of {Figures.Plural(gold.Voters, "vote")}, ",
                $"{Figures.Percent(gold.Share.Estimate)}% [{Figures.Percent(gold.Share.Low)}, {Figures.Percent(gold.Share.High)}]");
        }
    }

    private static void AppendDuplicates(StringBuilder text, DuplicateSamples duplicates)
    {
        text.Append("\nduplicates\n");
        Line(text, $"  {Figures.Plural(duplicates.Repeats, "sample")} with the completion of an earlier one ",
            $"that is too unlikely to come twice by chance");
        foreach (var (first, again, tokens, nats) in duplicates.Examples)
        {
            Line(text, $"    {Cell(first.Problem)} [{first.Index}] and {Cell(again.Problem)} [{again.Index}]: ",
                $"{Figures.Plural(tokens, "token")}, P = {Power(nats)}");
        }
        Line(text, $"  {Figures.Plural(duplicates.Indices.Count, "sample index", "sample indices")} equal to another at every problem",
            $"{First(duplicates.Indices.Count)}");
        foreach (var (index, again, problems, nats) in duplicates.Indices.Take(MostProblems))
            Line(text, $"    {index} and {again}: {Figures.Plural(problems, "problem")}, P = {Power(nats)}");
        Line(text, $"  {Figures.Plural(duplicates.Prompts.Count, "problem")} with the prompt of an earlier one",
            $"{First(duplicates.Prompts.Count)}");
        foreach (var (problem, first, sameGold) in duplicates.Prompts.Take(MostProblems))
            Line(text, $"    {Cell(problem)} is {Cell(first)}{(sameGold ? "" : ", with another gold")}");
        Line(text, $"  a copy can be told from chance where a sample is as unlikely as {Power(duplicates.LeastNats)}: ",
            $"{Figures.Plural(duplicates.Comparable, "sample")} here;");
        Line(text, $"    at most {100 * duplicates.FalsePositiveRate}% of runs without copies have anything listed");
    }

    private static void Line(StringBuilder text, params FormattableString[] parts)
    {
        foreach (var part in parts)
            text.Append(part.ToString(CultureInfo.InvariantCulture));
        text.Append('\n');
    }

    private static string First(int count) => count > MostProblems ? $", the first {MostProblems}" : "";

    private static string Of(long count, double? share) =>
        count.ToString(CultureInfo.InvariantCulture) + (share is { } known ? $" ({Figures.Percent(known)}%)" : "");

    private static string Word(bool isCorrect) => isCorrect ? "correct" : "wrong";

    private static string Power(double nats) => string.Create(CultureInfo.InvariantCulture, $"10^-{nats / Math.Log(10):0}");

    /// <summary>One line of limited length in quotes; what cannot be shown becomes a blank.</summary>
    private static string Cell(string? value, bool fromEnd = false)
    {
        if (value is null)
            return "nothing";
        var line = string.Concat(value.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        if (line.Length <= LongestCell)
            return $"'{line}'";
        return fromEnd ? $"'...{line[^(LongestCell - 3)..]}'" : $"'{line[..(LongestCell - 3)]}...'";
    }
}
