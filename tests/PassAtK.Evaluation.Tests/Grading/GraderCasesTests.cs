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
            ["""{"gold": "5", "pred": "#### 5", "expected": false, "x": [1]}""", "", """{"pred": "so 6.", "gold": 5}""", """{"pred": "?", "gold": "5"}"""]);

        Assert.Equal(
            [new CaseResult(0, true, "5"), new CaseResult(1, false, "6"), new CaseResult(2, false, null)],
            GraderCases.Grade(folder.File("cases.jsonl"), Graders.Get("gsm8k")));
    }

    [Fact]
    public void A_case_without_a_text_is_refused_by_line_and_field()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("cases.jsonl");
        File.WriteAllLines(path, ["""{"gold": "5", "pred": "5"}""", """{"gold": "5"}"""]);

        var refusal = Assert.Throws<InputException>(() => GraderCases.Grade(path, Graders.Get("exact")).ToList());

        Assert.Equal($"{path}, line 2: field 'pred' is missing, expected a text or a number.", refusal.Message);
    }

    [Fact]
    public void An_unknown_grader_is_refused_with_the_names_that_exist()
    {
        var refusal = Assert.Throws<InputException>(() => Graders.Get("poetry"));

        Assert.Equal("grader is 'poetry', expected one of code, countdown, exact, gsm8k, math, math-strict.", refusal.Message);
    }
}
