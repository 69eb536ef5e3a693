using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Grading.Mathematics;
using PassAtK.Evaluation.Tasks;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading.Mathematics;

/// <summary>The gold answers of MATH-500 against themselves in other forms, and against each other.</summary>
public sealed partial class Math500Tests
{
    /// <summary>Each keeps the value of every gold; what a form does not apply to, it leaves alone.</summary>
    private static readonly (string Name, Func<string, string> Write)[] Forms =
    [
        ("in a box", gold => $@"Therefore the answer is $\boxed{{{gold}}}$."),
        ("announced", gold => $"The final answer is ${gold}$. I hope it is correct."),
        ("displayed", gold => $"We conclude that\n\\[ {gold} \\]"),
        ("after hashes", gold => $"So it is.\n#### {gold}"),
        ("with other fractions", gold => Boxed(
            gold.Replace(@"\dfrac", @"\frac", StringComparison.Ordinal).Replace(@"\frac", @"\dfrac", StringComparison.Ordinal))),
        ("with sized brackets", gold => Boxed(SizedBrackets(gold))),
        ("spaced out", gold => Boxed(Operators().Replace(gold, @" $0\, "))),
        ("with braces for every argument", gold => Boxed(BareArguments().Replace(gold, "{$0}"))),
        ("with fractions as quotients", gold => Boxed(SimpleFraction().Replace(gold, "($1)/($2)"))),
        ("with exact decimals", gold => Boxed(SimpleFraction().Replace(gold, ExactDecimal))),
        ("with other words", gold => Boxed(
            gold.Replace(@"\text{", @"\textbf{", StringComparison.Ordinal).Replace(@"\mbox{", @"\text{", StringComparison.Ordinal))),
        ("with signs of Unicode", gold => Boxed(gold.Replace(@"\pi", "π", StringComparison.Ordinal).Replace(
            "-", "−", StringComparison.Ordinal)
            .Replace(@"\infty", "∞", StringComparison.Ordinal).Replace(@"\cup", "∪", StringComparison.Ordinal).Replace(@"^\circ", "°", StringComparison.Ordinal))),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_gold_equals_itself_in_other_forms(bool strict)
    {
        var failures = new List<string>();
        foreach (var gold in Golds())
        {
            foreach (var (name, write) in Forms)
            {
                var completion = write(gold);
                if (!new MathGrader(strict).Grade(new Problem { Id = "p", Prompt = "", Gold = gold, Raw = "{}" }, completion).Correct)
                    failures.Add($"{name}: {gold} as {completion}");
            }
        }
        Assert.Empty(failures);
    }

    [Fact]
    public void Golds_are_equal_only_where_they_say_the_same()
    {
        // Pairs that are written differently and are the same answer, up to a unit, a name or the order of a list.
        string[] same =
        [
            "1,-2 | -2,1", @"\pi | 180^\circ",
        ];
        var golds = Golds().Distinct(StringComparer.Ordinal).ToArray();
        var pairs = new List<string>();
        for (var one = 0; one < golds.Length; one++)
        {
            for (var two = one + 1; two < golds.Length; two++)
            {
                if (AnswerComparison.Compare(golds[one], golds[two], strict: false).AreEqual && Core(golds[one]) != Core(golds[two]))
                    pairs.Add($"{golds[one]} | {golds[two]}");
            }
        }
        Assert.Empty(pairs.Except(same));
    }

    /// <summary>A gold without what a form may differ in: blanks, sizes, units, currency, degrees, a variable's name.</summary>
    private static string Core(string gold)
    {
        foreach (var part in (string[])[" ", @"\!", @"\$", @"^\circ", @"\text{degrees}", @"\text{cents}", @"\mbox{cm}^2", @"\mbox{inches}^2", "x=", @"x\in", "y="])
            gold = gold.Replace(" ", "", StringComparison.Ordinal).Replace(part, "", StringComparison.Ordinal);
        gold = Thousands().Replace(gold, "");
        return BareArguments().Replace(gold, "{$0}").Replace("dfrac", "frac", StringComparison.Ordinal);
    }

    private static string[] Golds()
    {
        var path = RepositoryPaths.InSharedOrSkip("data", "math500_test.jsonl");
        return [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("answer").GetString()!)];
    }

    private static string Boxed(string answer) => $@"\boxed{{{answer}}}";

    private static string SizedBrackets(string gold) =>
        gold.Contains(@"\left", StringComparison.Ordinal)
            ? gold.Replace(@"\left", @"\bigl", StringComparison.Ordinal).Replace(@"\right", @"\bigr", StringComparison.Ordinal)
            : gold.StartsWith('(') || gold.StartsWith('[') ? @"\left" + gold[..^1] + @"\right" + gold[^1] : gold;

    private static string ExactDecimal(Match fraction)
    {
        var (above, below) = (decimal.Parse(fraction.Groups[1].Value, CultureInfo.InvariantCulture), decimal.Parse(
            fraction.Groups[2].Value, CultureInfo.InvariantCulture));
        var value = above / below;
        return value * below == above && decimal.Round(value, 12) == value ? value.ToString(CultureInfo.InvariantCulture) : fraction.Value;
    }

    [GeneratedRegex(@"(?<=[0-9a-z}) ])[-+](?=[0-9a-z\\( ])")]
    private static partial Regex Operators();

    /// <summary>A digit that is an argument without braces: both of `\frac43`, the one of `\sqrt3`.</summary>
    [GeneratedRegex(@"(?<=\\[dt]?frac ?)\d(?=\d|\{)|(?<=\\[dt]?frac ?\d)\d|(?<=\\[dt]?frac\{\d+\})\d|(?<=\\sqrt)\d")]
    private static partial Regex BareArguments();

    [GeneratedRegex(@"(?<!\d ?)\\d?frac\{(\d+)\}\{(\d+)\}(?!\s*\\)")]
    private static partial Regex SimpleFraction();

    [GeneratedRegex(@",(?=\d{3})")]
    private static partial Regex Thousands();
}
