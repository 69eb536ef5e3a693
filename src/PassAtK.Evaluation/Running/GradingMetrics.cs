using System.Diagnostics.Metrics;
using PassAtK.Engine.Metrics;
using PassAtK.Evaluation.Grading;

namespace PassAtK.Evaluation.Running;

/// <summary>What graders report to the meter "PassAtK".</summary>
internal static class GradingMetrics
{
    private static readonly Counter<long> Verdicts = PassAtKMeter.Instance.CreateCounter<long>(
        "passatk.verdicts", "{verdict}", "Completions graded");

    public static void Count(IGrader grader, Verdict verdict)
    {
        // Boxes the verdict: not where nobody listens.
        if (Verdicts.Enabled)
        {
            Verdicts.Add(
                1, new KeyValuePair<string, object?>("passatk.grader", grader.Name),
                new KeyValuePair<string, object?>("passatk.correct", verdict.Correct));
        }
    }
}
