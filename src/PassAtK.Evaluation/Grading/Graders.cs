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
}
