using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Benchmarking;

/// <summary>The least bytes moved and operations of a part of a step.</summary>
public readonly record struct PhaseWork(double Bytes, double Flops);

/// <summary>The phases that decoding is told by; <see cref="StepPhases"/> says what each consists of.</summary>
public enum StepPhase
{
    Products,
    Attention,
    Sampling,

    /// <summary>Norms, rotations, stores of keys and values, activations, copies of blocks.</summary>
    Rest,

    /// <summary>Planning and committing steps, where the backend does not work meanwhile.</summary>
    Host,
}

/// <summary>
/// A phase's seconds a step, averaged over the steps that were watched, and its least work; none where it is not counted.
/// </summary>
public sealed record PhaseTime(StepPhase Phase, double StepSeconds, PhaseWork? Work);

/// <summary>Sums a tracer's spans to phases, and counts their least work from a model's shape.</summary>
public static class StepPhases
{
    private static readonly SpanName[] ProductSpans =
        [SpanName.QueryKeyValue, SpanName.AttentionOutput, SpanName.GateUp, SpanName.Down, SpanName.Logits];

    private static readonly SpanName[] AttentionSpans = [SpanName.Attention, SpanName.AttentionMerge];

    /// <summary>What was traced so far, to be subtracted from what is traced later.</summary>
    public readonly record struct Totals(SpanTotal Step, SpanTotal Compute, long Products, long Attention, long Sampling)
    {
        public static Totals Of(Tracer tracer) => new(
            tracer.Total(SpanName.Step), tracer.Total(SpanName.Compute), Ticks(tracer, ProductSpans), Ticks(tracer, AttentionSpans),
            tracer.Total(SpanName.Sampling).Ticks);

        public static Totals operator -(Totals left, Totals right) => new(
            Difference(left.Step, right.Step), Difference(left.Compute, right.Compute), left.Products - right.Products,
            left.Attention - right.Attention, left.Sampling - right.Sampling);

        public static Totals operator +(Totals left, Totals right) => left - (default(Totals) - right);

        private static SpanTotal Difference(SpanTotal left, SpanTotal right) => new(left.Count - right.Count, left.Ticks - right.Ticks);

        private static long Ticks(Tracer tracer, SpanName[] names)
        {
            var ticks = 0L;
            foreach (var name in names)
                ticks += tracer.Total(name).Ticks;
            return ticks;
        }
    }

    /// <summary>Empty where no step was watched.</summary>
    /// <param name="totals">Of the steps.</param>
    /// <param name="work">The least work of an average one.</param>
    /// <param name="hostWaits">Whether the backend idles while the host plans.</param>
    public static IReadOnlyList<PhaseTime> Times(Totals totals, StepWork work, bool hostWaits)
    {
        var steps = totals.Compute.Count;
        if (steps == 0)
            return [];
        var rest = totals.Compute.Ticks - totals.Products - totals.Attention - totals.Sampling;
        List<PhaseTime> phases =
        [
            new(StepPhase.Products, Seconds(totals.Products), work.Products),
            new(StepPhase.Attention, Seconds(totals.Attention), work.Attention),
            new(StepPhase.Sampling, Seconds(totals.Sampling), work.Sampling),
            new(StepPhase.Rest, Seconds(rest), null),
        ];
        if (hostWaits)
            phases.Add(new PhaseTime(StepPhase.Host, Seconds(totals.Step.Ticks - totals.Compute.Ticks), null));
        return phases;

        double Seconds(long ticks) => new SpanTotal(0, ticks).Seconds / steps;
    }
}
