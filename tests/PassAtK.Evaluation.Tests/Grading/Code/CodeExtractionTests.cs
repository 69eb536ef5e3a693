using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Tests.Grading.Code;

public sealed class CodeExtractionTests
{
    private const string Prompt = "import math\n\ndef f(x):\n";
    private static readonly CodeGold Function = new(Prompt, "", "", "f");
    private static readonly CodeGold Words = new("", "", "", null);

    [Theory]
    [InlineData("    return x")]
    [InlineData("\treturn x\n\ndef g(): pass")]
    [InlineData("")]
    [InlineData("    # def f(x):\n    return x")]
    [InlineData("    def f(y): return y\n    return f(x)")]
    [InlineData("    return x\n\ndef ff(x): pass")]
    public void A_continuation_follows_the_prompt(string completion) =>
        Assert.Equal(new ExtractedProgram(completion, "", Prompt + completion), CodeExtraction.Extract(Function, completion));

    [Theory]
    [InlineData("def f(x):\n    return x", "def f(x):\n    return x")]
    [InlineData("async def f(x): pass", "async def f(x): pass")]
    [InlineData("f = abs", "f = abs")]
    [InlineData("Sure:\n```python\ndef f(x): return x\n```\nIt works.", "def f(x): return x")]
    [InlineData("Sure:\r\n```python\r\ndef f(x): return x\r\n```", "def f(x): return x\r")]
    [InlineData("```\ndef f(x): return 1\n```\nBetter:\n```py\ndef f(x): return 2\n```\nUse:\n```\nprint(f(3))\n```", "def f(x): return 2")]
    [InlineData("1. Code:\n   ```python\ndef f(x): return x\n   ```", "def f(x): return x")]
    [InlineData("```python\ndef f(x):\n    return x", "def f(x):\n    return x")]
    public void An_answer_that_defines_the_function_stands_by_itself(string completion, string answer) =>
        Assert.Equal(new ExtractedProgram(answer, Prompt, answer), CodeExtraction.Extract(Function, completion));

    [Fact]
    public void A_block_that_defines_nothing_continues_the_prompt() =>
        Assert.Equal(
            new ExtractedProgram("    return x", "", Prompt + "    return x"),
            CodeExtraction.Extract(Function, "```python\n    return x\n```"));

    [Theory]
    [InlineData("def g(): pass", "def g(): pass")]
    [InlineData("```python\nclass A: pass\n```\n```\nA()\n```", "class A: pass")]
    [InlineData("```\ng = max\n```", "g = max")]
    [InlineData("``````", "")]
    public void Without_a_prompt_of_code_the_last_block_that_defines_something_counts(string completion, string answer) =>
        Assert.Equal(new ExtractedProgram(answer, "", answer), CodeExtraction.Extract(Words, completion));
}
