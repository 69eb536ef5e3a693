using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Evaluation.Reports;

/// <summary>How a run's samples were allotted.</summary>
/// <param name="Design">Target and limits.</param>
/// <param name="PilotCorrect">Correct samples of each counted problem among the pilot's.</param>
/// <param name="Spent">All samples of the run, those of the pilot included.</param>
public sealed record AdaptiveOutcome(AdaptiveDesign Design, IReadOnlyList<int> PilotCorrect, long Spent);

/// <summary>What an adaptive run reached, and what it cost.</summary>
/// <param name="K">Whose pass@K was to be narrow.</param>
/// <param name="PassAtK">
/// pass@K over these very problems; the interval holds sampling noise alone and says nothing of other problems.
/// </param>
/// <param name="Width">Of that interval; null while a problem has fewer than 2 K counted samples.</param>
/// <param name="TargetWidth">How wide it was to be at most.</param>
/// <param name="Pilot">Samples of each problem that decided and are not counted.</param>
/// <param name="SamplesSpent">Samples in all, the pilot's included.</param>
/// <param name="UniformSamples">
/// Samples in all at which a run with as many of each problem, and no pilot, is expected to be as narrow, as the pilot saw it; null with
/// the width.
/// </param>
public sealed record AdaptiveReport(
    int K, CurvePoint? PassAtK, double? Width, double TargetWidth, int Pilot, long SamplesSpent, long? UniformSamples)
{
    internal static AdaptiveReport Of(AdaptiveOutcome run, IReadOnlyList<ProblemCounts> problems)
    {
        var design = run.Design;
        if (problems.Any(problem => problem.Samples < design.FewestCounted))
            return new AdaptiveReport(design.K, null, null, design.TargetWidth, design.Pilot, run.Spent, null);
        var point = SamplingInterval.Of(problems, design.K);
        var uniform = SampleAllocation.UniformSamples(design, run.PilotCorrect, [.. problems.Select(problem => problem.Samples)]);
        return new AdaptiveReport(
            design.K, point, point.High - point.Low, design.TargetWidth, design.Pilot, run.Spent, (long)uniform * problems.Count);
    }

    internal static void Append(StringBuilder text, AdaptiveReport? report)
    {
        if (report is null)
            return;
        const string Indent = "\n         ";
        if (report is { PassAtK: { } point, Width: { } width })
        {
            text.Append(CultureInfo.InvariantCulture,
                $"adaptive pass@{report.K} of these problems {string.Join(' ', Figures.Cells(point))},");
            text.Append(CultureInfo.InvariantCulture,
                $"{Indent}95%, sampling noise alone: {Points(width)} points wide, {Verdict(width, report.TargetWidth)}");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture,
                $"adaptive pass@{report.K} needs {2L * report.K} counted samples of each problem, and some have fewer");
        }
        text.Append(CultureInfo.InvariantCulture,
            $"{Indent}{report.SamplesSpent} samples spent, {report.Pilot} of each problem to decide (not counted)");
        if (report.UniformSamples is { } uniform)
        {
            text.Append(CultureInfo.InvariantCulture, $";{Indent}as many of each problem would take {uniform} for an interval as narrow");
            if (uniform < report.SamplesSpent)
                text.Append(": here allotting did not pay");
        }
        text.Append('\n');
    }

    private static string Points(double width) => (100 * width).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Verdict(double width, double target) => width <= target
        ? $"as wanted (at most {Points(target)})"
        : $"wider than the {Points(target)} wanted";
}
