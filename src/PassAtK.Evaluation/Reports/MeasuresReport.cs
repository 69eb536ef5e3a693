using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>What else the samples of a run say; null stands for what its counts alone cannot say.</summary>
/// <param name="Reliability">pass^k, G-Pass@k, cover@tau, accuracy.</param>
/// <param name="Answers">Different answers and the entropy of an answer.</param>
/// <param name="Lengths">Tokens of a sample.</param>
/// <param name="Exploration">Different prefixes per drawn token.</param>
public sealed record MeasuresReport(Reliability Reliability, AnswerDiversity? Answers, SampleLengths? Lengths, Exploration? Exploration)
{
    /// <param name="run">The run.</param>
    /// <param name="problems">Those of its problems to look at.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <param name="ks">At which k, the doubling ladder where null.</param>
    internal static MeasuresReport Of(
        RunOutcome run, IReadOnlyList<ProblemCounts> problems, BootstrapSettings settings, IReadOnlyList<int>? ks)
    {
        var ids = problems.Select(problem => problem.Id).ToHashSet(StringComparer.Ordinal);
        return new MeasuresReport(
            Reliability.Of(problems, settings, ks),
            run.Answers is null ? null : AnswerDiversity.Of([.. run.Answers.Where(problem => ids.Contains(problem.Id))], settings),
            run.Lengths is null ? null : SampleLengths.Of([.. run.Lengths.Where(problem => ids.Contains(problem.Id))], settings),
            run.Exploration is null ? null : Exploration.Of([.. run.Exploration.Where(problem => ids.Contains(problem.Id))], settings));
    }
}
