using PassAtK.Evaluation.Reports.Samples;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>A run that a page is made of, with its samples where it has any.</summary>
/// <param name="Run">What is reported of it.</param>
/// <param name="Reader">Its open store; null for a file of counts.</param>
public sealed record PageRun(ReportedRun Run, RunReader? Reader)
{
    /// <summary>All problems of the runs: those of the first in its order, then what only others have.</summary>
    internal static IReadOnlyList<PageProblem> Problems(IReadOnlyList<PageRun> runs, PageLimits limits)
    {
        var (ids, known) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var counts = runs.Select(run => run.Run.Outcome.Problems.ToDictionary(problem => problem.Id, StringComparer.Ordinal)).ToArray();
        var stored = runs.Select(run => run.Stored()).ToArray();
        foreach (var id in stored.SelectMany(problems => problems.Keys).Concat(counts.SelectMany(problems => problems.Keys)))
        {
            // A stored problem without a graded sample has no row.
            if (counts.Any(problems => problems.ContainsKey(id)) && known.Add(id))
                ids.Add(id);
        }
        var room = new SampleRoom(limits.SampleBytes, stored.Sum(problems => problems.Count));
        var samples = runs.Select(run => run.Reader is null
            ? new Dictionary<int, ProblemSamples>()
            : ProblemSamplesReader.Read(run.Reader, run.Run, room)).ToArray();
        var most = limits.PromptCharacters(ids.Count);
        return [.. ids.Select(Problem)];

        PageProblem Problem(string id)
        {
            var asked = stored.Select(problems => problems.GetValueOrDefault(id).Problem)
                .FirstOrDefault(problem => problem is not null)?.Problem;
            var chance = runs.Select(run => run.Run.Outcome.Chance is { } chances && chances.TryGetValue(id, out var p) ? p : (double?)null)
                .FirstOrDefault(p => p is not null);
            return new PageProblem(
                id, Excerpt(asked?.Prompt), Excerpt(asked is null ? null : ReferenceText.Of(asked.Gold)), chance,
                [.. runs.Select((_, run) =>
                {
                    var (position, problem) = stored[run].GetValueOrDefault(id);
                    return new PageProblemRun(
                        counts[run].GetValueOrDefault(id), Excerpt(problem?.PromptText), problem is null ? null : samples[run].GetValueOrDefault(position));
                })]);
        }

        TextExcerpt? Excerpt(string? text) => text is null ? null : TextExcerpt.Of(text, most);
    }

    private Dictionary<string, (int Position, PreparedProblem? Problem)> Stored() => Reader is null
        ? new(StringComparer.Ordinal)
        : Reader.Problems().Select((problem, position) => (problem, position))
            .ToDictionary(entry => entry.problem.Problem.Id, entry => (entry.position, (PreparedProblem?)entry.problem), StringComparer.Ordinal);
}
