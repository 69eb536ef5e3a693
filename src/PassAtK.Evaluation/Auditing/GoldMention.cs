using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Grading.Mathematics;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Auditing;

/// <summary>The texts that a problem's gold goes by: as it stands, inside its mark, and as the grader writes it.</summary>
internal sealed class GoldMention
{
    private const int LongestText = 64;

    private readonly string[] _texts;

    private GoldMention(string[] texts) => _texts = texts;

    public static GoldMention Of(Problem problem, IGrader grader)
    {
        var gold = problem.Gold.Trim();
        string?[] texts =
            [gold, BoxedAnswers.Last(gold), FinalAnswerPhrase.AfterHashes(gold), GradedAs(problem, gold, grader)];
        return new GoldMention(
        [
            .. texts.OfType<string>().Select(text => text.Trim())
                .Where(text => text.Length is > 0 and <= LongestText && !text.Contains('\n', StringComparison.Ordinal)).Distinct(),
        ]);
    }

    /// <summary>The first of the texts that stands alone in a line: no part of a longer number, word or power.</summary>
    public string? In(ReadOnlySpan<char> line)
    {
        foreach (var text in _texts)
        {
            for (var from = 0; from <= line.Length - text.Length;)
            {
                var at = line[from..].IndexOf(text, StringComparison.Ordinal);
                if (at < 0)
                    break;
                at += from;
                if (!Continues(line[..at], text[0]) && !IsContinued(line[(at + text.Length)..]))
                    return text;
                from = at + 1;
            }
        }
        return null;
    }

    /// <summary>The gold in the grader's own canonical form; null where it reads no answer from it.</summary>
    private static string? GradedAs(Problem problem, string gold, IGrader grader)
    {
        try
        {
            return grader.Grade(problem, gold).Extracted;
        }
        catch (InputException)
        {
            // A gold of another grader's form; the audit is not the place to refuse it.
            return null;
        }
    }

    private static bool Continues(ReadOnlySpan<char> before, char first) =>
        before.Length > 0 && (char.IsLetterOrDigit(before[^1]) || before[^1] is '-' or '−' or '/' or '^' or '_' or '.' or '\\'
            || (before[^1] == ',' && char.IsAsciiDigit(first) && before.Length > 1 && char.IsAsciiDigit(before[^2])));

    private static bool IsContinued(ReadOnlySpan<char> after) =>
        after.Length > 0 && (char.IsLetterOrDigit(after[0]) || after[0] is '/' or '^' or '_' or '%'
            || (after[0] is '.' or ',' && after.Length > 1 && char.IsAsciiDigit(after[1])));
}
