using PassAtK.Engine;
using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Grading;

/// <summary>The graders by name.</summary>
public static class Graders
{
    private static readonly SortedDictionary<string, Func<IGrader>> Known = new(StringComparer.Ordinal)
    {
        ["code"] = () => new CodeGrader(),
        ["countdown"] = () => new CountdownGrader(),
        ["exact"] = () => new ExactGrader(),
        ["gsm8k"] = () => new Gsm8kGrader(),
        ["math"] = () => new MathGrader(),
        ["math-strict"] = () => new MathGrader(strict: true),
    };

    /// <summary>All names in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    /// <summary>A new grader, the caller's to dispose of.</summary>
    /// <exception cref="InputException">There is no grader of that name.</exception>
    public static IGrader Get(string name) => Known.TryGetValue(name, out var make)
        ? make()
        : throw new InputException($"grader is '{name}', expected one of {string.Join(", ", Names)}.");

    /// <summary>
    /// Refuses a grader for a task whose own one reads programs or ways to a solution: its golds are no answers, and compared with them
    /// every sample would be wrong.
    /// </summary>
    /// <param name="name">The grader.</param>
    /// <param name="own">The task's own grader; null where it has none, and any may fit.</param>
    /// <exception cref="InputException">It cannot judge the task.</exception>
    public static void RequireFit(string name, string? own)
    {
        if (own is null || own == name)
            return;
        using var grader = Get(own);
        if (grader.Answers != AnswerKind.Value)
            throw new InputException($"grader is '{name}', but the golds of this task are no answers to compare with, expected '{own}'.");
    }
}
