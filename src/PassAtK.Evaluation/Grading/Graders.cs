using PassAtK.Engine;

namespace PassAtK.Evaluation.Grading;

/// <summary>The graders by name.</summary>
public static class Graders
{
    private static readonly IGrader[] Known = [new CountdownGrader(), new ExactGrader(), new Gsm8kGrader(), new MathGrader(), new MathGrader(strict: true)];

    /// <summary>All names in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(grader => grader.Name)];

    /// <exception cref="InputException">There is no grader of that name.</exception>
    public static IGrader Get(string name) =>
        Known.FirstOrDefault(grader => grader.Name == name)
        ?? throw new InputException($"grader is '{name}', expected one of {string.Join(", ", Names)}.");
}
