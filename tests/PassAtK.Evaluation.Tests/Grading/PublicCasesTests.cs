using System.Text.Json;
using PassAtK.Evaluation.Grading;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading;

/// <summary>The graders against labels that others gave.</summary>
public sealed class PublicCasesTests
{
    [Fact]
    public void The_gsm8k_grader_agrees_with_the_labels_of_all_published_model_solutions()
    {
        var (total, wrong) = Disagreements("gsm8k_model_solution_cases.jsonl", "gsm8k");

        Assert.Equal(5276, total);
        Assert.Empty(wrong);
    }

    /// <summary>The floors are what was measured: a change of the grader must not lose cases.</summary>
    [Theory]
    [InlineData("math_verify_cases.jsonl", 131, 130)]
    [InlineData("qwen_grader_samples.jsonl", 399, 399)]
    [InlineData("other_grader_cases.jsonl", 163, 162)]
    public void The_math_grader_agrees_with_at_least_as_many_labels_of_other_graders_as_before(string file, int cases, int agreed)
    {
        var (total, wrong) = Disagreements(file, "math");
        foreach (var line in wrong)
            TestContext.Current.SendDiagnosticMessage(line);

        Assert.Equal(cases, total);
        Assert.InRange(total - wrong.Count, agreed, total);
    }

    private static (int Total, List<string> Wrong) Disagreements(string file, string grader)
    {
        var path = RepositoryPaths.InSharedOrSkip("data", file);
        string[] lines = [.. File.ReadLines(path)];
        var wrong = new List<string>();
        foreach (var result in GraderCases.Grade(path, Graders.Get(grader), 2))
        {
            using var line = JsonDocument.Parse(lines[result.Index]);
            if (line.RootElement.GetProperty("expected").GetBoolean() != result.Correct)
            {
                var (gold, pred) = (Short(line, "gold"), Short(line, "pred"));
                wrong.Add($"{result.Index}: gold {gold} pred {pred} extracted {result.Extracted} correct {result.Correct}");
            }
        }
        return (lines.Length, wrong);
    }

    private static string Short(JsonDocument line, string field)
    {
        var text = line.RootElement.GetProperty(field).GetString()!;
        return JsonEncodedText.Encode(text.Length > 120 ? "..." + text[^120..] : text).ToString();
    }
}
