using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Allocation;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>
/// An adaptive run: the pilot of every problem, then the samples that its verdicts allot, then more of all while the interval is wider than
/// wanted. Stopped anywhere and run again it ends with the same samples, for every size is a function of stored verdicts by index.
/// </summary>
/// <param name="session">Of the run, whose settings hold the design.</param>
/// <param name="design">Target and limits.</param>
public sealed class AdaptiveSession(RunSession session, AdaptiveDesign design)
{
    /// <summary>As <see cref="RunSession.Run(ISampleEngine, CancellationToken)"/>.</summary>
    /// <exception cref="PassAtK.Engine.InputException">A value of the design is outside its range, or the disk is full or
    /// fails.</exception>
    public bool Run(ISampleEngine engine, CancellationToken cancellation)
    {
        design.Validate();
        int[] pilot = [.. Enumerable.Repeat(design.Pilot, session.Problems.Count)];
        if (!session.Run(engine, pilot, cancellation))
            return false;
        using var reader = RunReader.Open(session.Store.Path);
        var pilotCorrect = Correct(reader, pilot);
        var counted = SampleAllocation.Of(design, pilotCorrect).Counted;
        while (true)
        {
            int[] wanted = [.. counted.Select(samples => design.Pilot + samples)];
            if (!session.Run(engine, wanted, cancellation))
                return false;
            var correct = Correct(reader, wanted);
            var more = SampleAllocation.Extend(
                design, [.. counted.Select((samples, i) => new ProblemCounts($"{i}", samples, correct[i] - pilotCorrect[i]))]);
            if (more is null)
                return true;
            counted = more;
        }
    }

    private int[] Correct(RunReader reader, IReadOnlyList<int> wanted) =>
        [.. reader.Tallies((session.Grader.Name, session.Grader.Version), wanted).Select(tally => tally.Correct)];
}
