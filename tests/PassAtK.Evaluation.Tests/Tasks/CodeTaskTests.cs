using System.IO.Compression;
using PassAtK.Engine;
using PassAtK.Evaluation.Grading.Code;
using PassAtK.Evaluation.Tasks;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Tasks;

public sealed class CodeTaskTests : IDisposable
{
    private const string Line = """{"task_id": "T/0", "prompt": "def one():\n", "test": "def check(c):\n    assert c() == 1", "entry_point": "one"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("humaneval")]
    [InlineData("code")]
    public void A_function_is_asked_by_its_code_and_judged_by_its_test(string format)
    {
        var task = Task(format, Line, """{"prompt": "p", "test": "t", "entry_point": "e"}""");
        var problems = task.Load();

        Assert.Equal(["T/0", $"{format}-0001"], problems.Select(problem => problem.Id));
        Assert.Equal(new CodeGold("def one():\n", "", "def check(c):\n    assert c() == 1", "one"), CodeGold.Of(problems[0]));
        Assert.Equal("def one():\n", task.PlainPrompt(problems[0]));
        Assert.Contains("```python\ndef one():\n```", Assert.Single(task.ChatPrompt(problems[0])).Content, StringComparison.Ordinal);
        Assert.Contains("\ndef", task.PlainStop);
    }

    [Fact]
    public void A_compressed_file_reads_as_the_plain_one()
    {
        var plain = Task("humaneval", Line);
        using (var file = new GZipStream(File.Create(_folder.File("problems.jsonl.gz")), CompressionLevel.Optimal))
            file.Write(File.ReadAllBytes(plain.File));

        var compressed = TaskSpec.Parse($"humaneval:{_folder.File("problems.jsonl.gz")}");

        Assert.Equal(TaskDigest.Of(plain.Load()), TaskDigest.Of(compressed.Load()));
        byte[] content = File.ReadAllBytes(compressed.File);
        content.AsSpan(12).Fill(0xFF);
        File.WriteAllBytes(compressed.File, content);
        Assert.Equal(
            $"{compressed.File}: cannot be read, expected a file of JSON lines.", Assert.Throws<InputException>(() => compressed.Load()).Message);
    }

    [Fact]
    public void Mbpp_shows_its_tests_and_takes_both_published_forms()
    {
        var task = Task(
            "mbpp", """{"task_id": 7, "text": "Add. ", "code": "", "test_setup_code": "import math", "test_list": ["assert f(1) == 2", "assert f(2) == 3"]}""",
            """{"task_id": 8, "prompt": "Sub.", "test_imports": [], "test_list": ["assert g(1) == 0"]}""");
        var problems = task.Load();

        Assert.Equal(["mbpp-7", "mbpp-8"], problems.Select(problem => problem.Id));
        Assert.Equal(new CodeGold("", "import math", "assert f(1) == 2\nassert f(2) == 3", null), CodeGold.Of(problems[0]));
        Assert.Equal("\"\"\"\nAdd.\nassert f(1) == 2\nassert f(2) == 3\n\"\"\"\n", task.PlainPrompt(problems[0]));
        Assert.Contains("assert g(1) == 0", Assert.Single(task.ChatPrompt(problems[1])).Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code", """{"prompt": "p", "test": "t"}""", "field 'entry_point' is missing, expected a text.")]
    [InlineData("code", """{"prompt": "p", "entry_point": "e"}""", "field 'test' is missing, expected a text.")]
    [InlineData("code", """{"prompt": "p", "test": "t", "entry_point": "a b"}""", "field 'entry_point' is 'a b', expected the name of a Python function.")]
    [InlineData("mbpp", """{"text": "p", "test_list": "t"}""", "field 'test_list' is a text, expected an array of texts.")]
    [InlineData("mbpp", """{"text": "p", "test_list": []}""", "field 'test_list' is empty, expected at least one test.")]
    [InlineData("mbpp", """{"text": "p", "test_list": [1]}""", "field 'test_list' is a number, expected an array of texts.")]
    public void A_bad_line_is_refused_by_file_line_and_field(string format, string line, string why)
    {
        var task = Task(format, line);

        Assert.Equal($"{task.File}, line 1: {why}", Assert.Throws<InputException>(() => task.Load()).Message);
    }

    private EvaluationTask Task(string format, params string[] lines)
    {
        var path = _folder.File("problems.jsonl");
        File.WriteAllText(path, string.Join('\n', lines));
        return TaskSpec.Parse($"{format}:{path}");
    }
}
