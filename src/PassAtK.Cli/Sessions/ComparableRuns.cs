using System.Globalization;
using PassAtK.Engine;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Cli.Sessions;

/// <summary>
/// What a paired comparison takes for granted: that problems of one id are one problem. Settings may differ, that is often the question,
/// but a reader has to know.
/// </summary>
internal static class ComparableRuns
{
    /// <returns>
    /// One sentence for each setting besides the model in which the runs differ; none where either file holds mere counts.
    /// </returns>
    /// <exception cref="InputException">A problem of one id is another problem in the other run.</exception>
    public static IReadOnlyList<string> Differences(string basePath, string otherPath)
    {
        if (!RunFiles.IsRun(basePath) || !RunFiles.IsRun(otherPath))
            return [];
        using var first = RunReader.Open(basePath);
        using var second = RunReader.Open(otherPath);
        RequireSameProblems(first, second);

        var (left, right) = (first.Settings(), second.Settings());
        (string Name, object Left, object Right)[] settings =
        [
            ("temperature", left.Sampling.Temperature, right.Sampling.Temperature),
            ("top-p", left.Sampling.TopP, right.Sampling.TopP),
            ("top-k", left.Sampling.TopK, right.Sampling.TopK),
            ("min-p", left.Sampling.MinP, right.Sampling.MinP),
            ("max-tokens", left.MaxTokens, right.MaxTokens),
            ("stop texts", string.Join(' ', left.Stop), string.Join(' ', right.Stop)),
            ("prompts", left.TemplateMode, right.TemplateMode),
        ];
        return [.. settings
            .Where(setting => !setting.Left.Equals(setting.Right))
            .Select(setting => string.Create(CultureInfo.InvariantCulture, $"The runs differ in {setting.Name}: {setting.Left} and {setting.Right}."))];
    }

    private static void RequireSameProblems(RunReader first, RunReader second)
    {
        var problems = first.Problems().ToDictionary(prepared => prepared.Problem.Id, prepared => prepared.Problem, StringComparer.Ordinal);
        foreach (var other in second.Problems().Select(prepared => prepared.Problem))
        {
            if (problems.TryGetValue(other.Id, out var problem) && !IsSame(problem, other))
            {
                throw new InputException(
                    $"problem '{other.Id}' is not the same in {first.Path} and {second.Path}: its question or gold differs, so the runs cannot be paired.");
            }
        }
    }

    private static bool IsSame(Problem left, Problem right) => left.Prompt == right.Prompt && left.Gold == right.Gold;
}
