using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading;

public sealed class GraderCasesTests
{
    [Fact]
    public void Cases_are_graded_in_file_order_with_other_fields_ignored()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(
            folder.File("cases.jsonl"),
            [
                """{"gold": "5", "pred": "#### 5", "expected": false, "x": [1]}""", "", """{"pred": "so 6.", "gold": 5}""",
                """{"pred": "?", "gold": "5"}""",
            ]);

        Assert.Equal(
            [new CaseResult(0, true, "5"), new CaseResult(1, false, "6"), new CaseResult(2, false, null)],
            GraderCases.Grade(folder.File("cases.jsonl"), Graders.Get("gsm8k"), 2));
    }

    [Fact]
    public void A_case_without_a_text_is_refused_by_line_and_field()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("cases.jsonl");
        File.WriteAllLines(path, ["""{"gold": "5", "pred": "5"}""", """{"gold": "5"}"""]);

        var given = new List<CaseResult>();
        var refusal = Assert.Throws<InputException>(() =>
        {
            foreach (var result in GraderCases.Grade(path, Graders.Get("exact"), 2))
                given.Add(result);
        });

        Assert.Equal($"{path}, line 2: field 'pred' is missing, expected a text or a number.", refusal.Message);
        Assert.Equal([new CaseResult(0, true, "5")], given);
    }

    [Fact]
    public void Many_cases_on_many_threads_come_in_file_order_up_to_the_first_bad_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("cases.jsonl");
        File.WriteAllLines(
            path,
            Enumerable.Range(0, 1000).Select(n => $$"""{"gold": "{{(n is 700 or 800 ? "none" : n % 7)}}", "pred": "{{n % 3}}"}"""));

        var given = new List<CaseResult>();
        var refusal = Assert.Throws<InputException>(() =>
        {
            foreach (var result in GraderCases.Grade(path, Graders.Get("gsm8k"), 8))
                given.Add(result);
        });

        Assert.StartsWith($"{path}, line 701: ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 700).Select(n => new CaseResult(n, n % 7 == n % 3, $"{n % 3}")), given);
    }

    [Fact]
    public void An_unknown_grader_is_refused_with_the_names_that_exist()
    {
        var refusal = Assert.Throws<InputException>(() => Graders.Get("poetry"));

        Assert.Equal("grader is 'poetry', expected one of code, countdown, exact, gsm8k, math, math-strict.", refusal.Message);
    }
}
