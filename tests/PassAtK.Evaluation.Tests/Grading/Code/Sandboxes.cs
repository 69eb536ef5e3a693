using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Grading.Code;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Tests.Grading.Code;

/// <summary>One code grader for all tests of it; they are skipped, saying why, where sandboxes cannot be set up.</summary>
public sealed class Sandboxes : IDisposable
{
    private readonly CodeGrader _grader = new();
    private readonly Lazy<string?> _refusal;

    public Sandboxes() => _refusal = new Lazy<string?>(Refusal);

    public CodeGrader Grader
    {
        get
        {
            if (_refusal.Value is { } why)
                Assert.Skip(why);
            return _grader;
        }
    }

    /// <summary>The verdict on a whole program that defines `f`.</summary>
    public Verdict Judge(string test, string program) => Grader.Grade(Problem(test), $"```python\n{program}\n```");

    internal static Problem Problem(string test, string prompt = "", string setup = "", string? entryPoint = "f") =>
        new() { Id = "p", Prompt = prompt, Gold = new CodeGold(prompt, setup, test, entryPoint).ToJson(), Raw = "{}" };

    public void Dispose() => _grader.Dispose();

    private string? Refusal()
    {
        try
        {
            _grader.Check(Problem("assert f"));
            return null;
        }
        catch (InputException refusal)
        {
            return refusal.Message;
        }
    }
}
