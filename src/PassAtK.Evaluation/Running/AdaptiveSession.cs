using PassAtK.Evaluation.Estimation.Allocation;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>
/// An adaptive run: the pilot of every problem, then the samples that its verdicts allot. Stopped anywhere and run again it ends with the
/// same samples, for the allotment is a function of the pilot's stored verdicts.
/// </summary>
/// <param name="session">Of the run, whose settings hold the design.</param>
/// <param name="design">Target and limits.</param>
public sealed class AdaptiveSession(RunSession session, AdaptiveDesign design)
{
    /// <summary>What the pilot decided; null before it is complete.</summary>
    public SampleAllocation? Allocation { get; private set; }

    /// <summary>As <see cref="RunSession.Run(ISampleEngine, CancellationToken)"/>.</summary>
    /// <exception cref="PassAtK.Engine.InputException">A value of the design is outside its range, or the disk is full or fails.</exception>
    public bool Run(ISampleEngine engine, CancellationToken cancellation)
    {
        design.Validate();
        int[] pilot = [.. Enumerable.Repeat(design.Pilot, session.Problems.Count)];
        if (!session.Run(engine, pilot, cancellation))
            return false;
        using (var reader = RunReader.Open(session.Store.Path))
        {
            var verdicts = reader.Tallies((session.Grader.Name, session.Grader.Version), pilot);
            Allocation = SampleAllocation.Of(design, [.. verdicts.Select(tally => tally.Correct)]);
        }
        return session.Run(engine, [.. Allocation.Counted.Select(counted => design.Pilot + counted)], cancellation);
    }
}
