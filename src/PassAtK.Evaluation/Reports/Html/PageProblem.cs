using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports.Samples;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>What one run has of a problem.</summary>
/// <param name="Counts">Null where the run lacks the problem.</param>
/// <param name="Prompt">As rendered for the model; null where that is not known.</param>
/// <param name="Samples">Null where there are none to show.</param>
internal sealed record PageProblemRun(ProblemCounts? Counts, TextExcerpt? Prompt, ProblemSamples? Samples);

/// <summary>One row of the problem table and what opens behind it.</summary>
/// <param name="Id">The problem's id.</param>
/// <param name="Question">As the task states it; null where only counts are known.</param>
/// <param name="Gold">The reference answer, as people read it.</param>
/// <param name="Chance">The chance of one blind guess.</param>
/// <param name="Runs">One entry a run, in the page's order.</param>
internal sealed record PageProblem(string Id, TextExcerpt? Question, TextExcerpt? Gold, double? Chance, IReadOnlyList<PageProblemRun> Runs);
