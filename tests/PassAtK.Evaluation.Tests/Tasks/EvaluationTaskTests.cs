using PassAtK.Engine;
using PassAtK.Evaluation.Tasks;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Tasks;

public sealed class EvaluationTaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("countdown:a/b.jsonl", "countdown", "a/b.jsonl", "countdown")]
    [InlineData("gsm8k:x:y.jsonl", "gsm8k", "x:y.jsonl", "gsm8k")]
    [InlineData("math:m.jsonl", "math", "m.jsonl", "math")]
    [InlineData("humaneval:h.jsonl.gz", "humaneval", "h.jsonl.gz", "code")]
    [InlineData("code:c.jsonl", "code", "c.jsonl", "code")]
    [InlineData("mbpp:b.jsonl", "mbpp", "b.jsonl", "code")]
    [InlineData("own.jsonl", "jsonl", "own.jsonl", null)]
    [InlineData("./gsm8k:own.jsonl", "jsonl", "./gsm8k:own.jsonl", null)]
    [InlineData(@"C:\own.jsonl", "jsonl", @"C:\own.jsonl", null)]
    public void A_spec_names_a_format_and_a_file(string spec, string name, string file, string? grader)
    {
        var task = TaskSpec.Parse(spec);

        Assert.Equal((name, file, grader, spec), (task.Name, task.File, task.DefaultGrader, task.Spec));
    }

    [Theory]
    [InlineData("poetry:f", "task 'poetry:f': there is no format named 'poetry', expected ")]
    [InlineData("gsm8k:", "task 'gsm8k:': no file is named, expected ")]
    [InlineData("", "task '': no file is named, expected ")]
    public void A_bad_spec_is_refused_with_the_formats_that_exist(string spec, string why)
    {
        var refusal = Assert.Throws<InputException>(() => TaskSpec.Parse(spec));

        Assert.Equal(
            why + "code:FILE, countdown:FILE, gsm8k:FILE, humaneval:FILE, math:FILE, mbpp:FILE or the path of a JSON Lines file.",
            refusal.Message);
    }

    [Fact]
    public void Gsm8k_problems_get_stable_ids_their_final_answer_and_both_prompts()
    {
        var task = Task(
            "gsm8k", """{"question": "How many? ", "answer": "3 + 4 = <<3+4=7>>7\n#### 7"}""",
            """{"question": "And now?", "answer": "####1,000 "}""");
        var problems = task.Load();

        Assert.Equal(
            [("gsm8k-0000", "How many?", "7"), ("gsm8k-0001", "And now?", "1,000")],
            problems.Select(problem => (problem.Id, problem.Prompt, problem.Gold)));
        Assert.Equal(
            "Solve the problem step by step. End with a line that holds \"####\" and the final answer, a single number.\n\nQuestion: How many?\nAnswer:",
            task.PlainPrompt(problems[0]));
        Assert.Equal(
            [new ChatMessage("user", "How many?\nPlease reason step by step, and put your final answer, a single number, within \\boxed{}.")],
            task.ChatPrompt(problems[0]));
        Assert.Equal(["\n\nQuestion:"], task.PlainStop);
    }

    [Fact]
    public void Math_problems_take_their_unique_id_and_where_the_answer_is_missing_the_box_of_the_solution()
    {
        var task = Task(
            "math", """{"problem": "P", "answer": "\\frac{1}{2}", "solution": "s", "unique_id": "test/algebra/1.json", "level": 2}""",
            """{"problem": "Q", "solution": "so \\boxed{\\sqrt{2}}."}""");

        Assert.Equal(
            [("test/algebra/1.json", @"\frac{1}{2}"), ("math-0001", @"\sqrt{2}")],
            task.Load().Select(problem => (problem.Id, problem.Gold)));
        Assert.Equal(
            "Solve the problem step by step. Put the final answer within \\boxed{}.\n\nQuestion: P\nAnswer:",
            task.PlainPrompt(task.Load()[0]));
    }

    [Fact]
    public void Countdown_problems_keep_their_bare_prompt_and_what_the_grader_needs()
    {
        var task = Task("countdown", """{"id": "c-1", "numbers": [4, 17, 5], "target": 48, "prompt": "4 17 5>48:", "chance": 0.004}""");
        var problem = Assert.Single(task.Load());

        Assert.Equal("""{"numbers":[4,17,5],"target":48}""", problem.Gold);
        Assert.Equal(0.004, problem.Chance);
        Assert.Equal("4 17 5>48:", task.PlainPrompt(problem));
        Assert.StartsWith("4 17 5>48:\nThe line above", Assert.Single(task.ChatPrompt(problem)).Content, StringComparison.Ordinal);
        Assert.Empty(task.PlainStop);
    }

    [Fact]
    public void Own_problems_give_prompts_or_messages_and_answers_of_any_kind()
    {
        var task = Task(
            "", "\uFEFF{\"id\": 7, \"prompt\": \"Say \\u00e9\\u0000\", \"answer\": 3.50}", "\r",
            """ {"id":"b","messages":[{"role":"system","content":"S"},{"role":"user","content":"U"}],"answer":{"a": 1}} """);
        var problems = task.Load();

        Assert.Equal(
            [("7", "Say é\0", "3.50"), ("b", "U", """{"a": 1}""")], problems.Select(problem => (problem.Id, problem.Prompt, problem.Gold)));
        Assert.Equal([new ChatMessage("user", "Say é\0")], task.ChatPrompt(problems[0]));
        Assert.Equal([new ChatMessage("system", "S"), new ChatMessage("user", "U")], task.ChatPrompt(problems[1]));
        Assert.Equal("Say é\0", task.PlainPrompt(problems[0]));
    }

    [Theory]
    [InlineData("", "{\"id\": \"a\", \"prompt\": \"p\"}", "field 'answer' is missing, expected a text, a number or JSON.")]
    [InlineData("", "{\"prompt\": \"p\", \"answer\": \"a\"}", "field 'id' is missing, expected a text or a number.")]
    [InlineData("", "{\"id\": \"\", \"prompt\": \"p\", \"answer\": \"a\"}", "field 'id' is empty, expected a text.")]
    [InlineData("", "{\"id\": \"a\", \"answer\": \"a\"}", "field 'prompt' is missing, expected a text.")]
    [InlineData("", "{\"id\": \"a\", \"prompt\": [], \"answer\": \"a\"}", "field 'prompt' is an array, expected a text.")]
    [InlineData("", "{\"id\": \"a\", \"prompt\": \"p\", \"answer\": null}", "field 'answer' is null, expected a text, a number or JSON.")]
    [InlineData("", "{\"id\": \"a\", \"prompt\": \"\\ud800\", \"answer\": \"a\"}",
        "field 'prompt' holds half of a surrogate pair, expected a text in Unicode.")]
    [InlineData("", "{\"id\": \"a\", \"prompt\": \"p\", \"answer\": \"a\", \"chance\": 1.5}",
        "field 'chance' is 1.5, expected a number from 0 to 1.")]
    [InlineData("", "{\"id\": \"a\", \"prompt\": \"p\", \"answer\": \"a\", \"chance\": \"1\"}",
        "field 'chance' is a text, expected a number from 0 to 1.")]
    [InlineData("", "{\"id\": \"a\", \"messages\": [], \"answer\": \"a\"}",
        "field 'messages' is empty, expected an array of objects with the texts 'role' and 'content'.")]
    [InlineData("", "{\"id\": \"a\", \"messages\": [{\"role\": \"user\"}], \"answer\": \"a\"}",
        "field 'messages' holds a message without 'content', expected an array of objects with the texts 'role' and 'content'.")]
    [InlineData("", "{\"id\": \"a\", ", "the line is not valid JSON at byte 11, expected a JSON object.")]
    [InlineData("", "{\"id\": 1, \"id\": 2}", "the line names a field twice, expected a JSON object.")]
    [InlineData("", "[1]", "found a JSON value that is not an object, expected a JSON object.")]
    [InlineData("", "{\"id\": \"first\", \"prompt\": \"p\", \"answer\": \"a\"}",
        "the id 'first' is that of line 1 too, expected ids that differ.")]
    [InlineData("gsm8k", "{\"question\": \"q\", \"answer\": \"7\"}",
        "field 'answer' names no final answer, expected a text that ends with '#### ' and a number.")]
    [InlineData("math", "{\"problem\": \"q\"}", "field 'answer' is missing, expected a text or a number.")]
    [InlineData("math", "{\"problem\": \"q\", \"solution\": \"7\"}",
        "field 'solution' holds no \\boxed{} answer, expected one, as field 'answer' is missing.")]
    [InlineData("countdown", "{\"prompt\": \"q\", \"numbers\": [1, 2.5], \"target\": 3}",
        "field 'numbers' holds 2.5, expected whole numbers from 0 to 2147483647.")]
    [InlineData("countdown", "{\"prompt\": \"q\", \"numbers\": [1, 2]}", "field 'target' is missing, expected a whole number.")]
    [InlineData("countdown", "{\"prompt\": \"q\", \"numbers\": [1], \"target\": 3}", "field 'numbers' has 1 numbers, expected 2 to 64.")]
    public void A_bad_line_is_refused_by_file_line_and_field(string format, string line, string why)
    {
        var first = format switch
        {
            "gsm8k" => """{"question": "q", "answer": "#### 7"}""",
            "math" => """{"problem": "q", "answer": "7"}""",
            "countdown" => """{"prompt": "q", "numbers": [1, 2], "target": 3}""",
            _ => """{"id": "first", "prompt": "p", "answer": "a"}""",
        };
        var task = Task(format, first, "", line);

        var refusal = Assert.Throws<InputException>(() => task.Load());

        Assert.Equal($"{task.File}, line 3: {why}", refusal.Message);
        Assert.Single(task.Load(limit: 1));
    }

    [Fact]
    public void A_file_that_is_missing_empty_a_folder_or_not_UTF8_is_refused()
    {
        var path = _folder.File("x.jsonl");
        Assert.Equal($"{path}: there is no such file.", Refusal(path));
        File.WriteAllText(path, "\n\n");
        Assert.Equal($"{path}: there is no problem in it, expected one JSON object a line.", Refusal(path));
        File.WriteAllBytes(path, [.. "{\"id\": \""u8, 0xFF, .. "\"}"u8]);
        Assert.Equal($"{path}, line 1: the line is not valid UTF-8, expected a JSON object in UTF-8.", Refusal(path));
        Assert.StartsWith($"{_folder.Path}: ", Refusal(_folder.Path), StringComparison.Ordinal);

        static string Refusal(string file) => Assert.Throws<InputException>(() => new JsonlTask(file).Load()).Message;
    }

    [Fact]
    public void Lines_may_be_longer_than_any_buffer_but_not_without_bound()
    {
        var longText = new string('x', 300_000);
        var task = Task("", $$"""{"id": "a", "prompt": "{{longText}}", "answer": "1"}""", """{"id": "b", "prompt": "p", "answer": "2"}""");
        Assert.Equal([longText, "p"], task.Load().Select(problem => problem.Prompt));

        File.WriteAllText(task.File, "{\"id\": \"" + new string('x', 17 << 20));
        var refusal = Assert.Throws<InputException>(() => task.Load());
        Assert.Equal($"{task.File}, line 1: the line is longer than 16777216 bytes, expected a JSON object.", refusal.Message);
    }

    [Fact]
    public void The_digest_tells_apart_whatever_model_or_grader_sees()
    {
        Problem problem = new() { Id = "a", Prompt = "p", Gold = "g", Chance = 0, Raw = "{}" };
        Problem[] variants =
        [
            problem, problem with { Id = "b" }, problem with { Prompt = "q" }, problem with { Gold = "h" }, problem with { Chance = null },
            problem with { Messages = [new ChatMessage("user", "p")] }, problem with { Messages = [new ChatMessage("us", "erp")] },
            problem with { Id = "ap", Prompt = "" },
        ];

        List<string> digests = [.. variants.Select(variant => TaskDigest.Of([variant])), TaskDigest.Of([]), TaskDigest.Of([problem, problem])];

        Assert.Equal(digests.Count, digests.Distinct().Count());
        Assert.Equal(digests[0], TaskDigest.Of([problem with { Raw = """{"other": 1}""" }]));
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", TaskDigest.Of([]));
    }

    [Theory]
    [InlineData("gsm8k", "gsm8k_test.jsonl", 1319, "gsm8k-1318")]
    [InlineData("math", "math500_test.jsonl", 500, null)]
    public void Published_files_load_whole(string format, string file, int count, string? lastId)
    {
        var problems = TaskSpec.Parse($"{format}:{RepositoryPaths.InSharedOrSkip("data", file)}").Load();

        Assert.Equal(count, problems.Count);
        Assert.Equal(lastId ?? problems[^1].Id, problems[^1].Id);
        Assert.All(problems, problem => Assert.NotEmpty(problem.Gold));
    }

    [Fact]
    public void The_countdown_file_loads_and_its_prompts_state_its_numbers()
    {
        var problems = TaskSpec.Parse($"countdown:{RepositoryPaths.InRepository("models", "countdown_problems.jsonl")}").Load();

        Assert.Equal(240, problems.Count);
        Assert.All(problems, problem =>
        {
            var (numbers, target) = (problem.Prompt[..^1].Split('>')[0].Replace(' ', ','), problem.Prompt[..^1].Split('>')[1]);
            Assert.Equal($$"""{"numbers":[{{numbers}}],"target":{{target}}}""", problem.Gold);
        });
    }

    private EvaluationTask Task(string format, params string[] lines)
    {
        var path = _folder.File("problems.jsonl");
        File.WriteAllText(path, string.Join('\n', lines));
        return TaskSpec.Parse(format.Length > 0 ? $"{format}:{path}" : path);
    }
}
