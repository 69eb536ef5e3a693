using System.Diagnostics;
using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Reference;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Tests.Benchmarking;

public class StepPhasesTests
{
    [Fact]
    public void Phases_are_sums_of_their_spans_a_step_and_the_rest_is_what_they_leave()
    {
        using var tracer = new Tracer();
        var track = tracer.Track("sampling");
        var second = Stopwatch.Frequency;
        var before = StepPhases.Totals.Of(tracer);
        for (var step = 0; step < 2; step++)
        {
            track.Add(SpanName.Step, 0, 20 * second);
            track.Add(SpanName.Compute, 0, 16 * second);
            track.Add(SpanName.QueryKeyValue, 0, 2 * second);
            track.Add(SpanName.Down, 0, 3 * second);
            track.Add(SpanName.Attention, 0, 4 * second);
            track.Add(SpanName.AttentionMerge, 0, second);
            track.Add(SpanName.Sampling, 0, second);
            track.Add(SpanName.Norm, 0, second);
        }
        var work = new StepWork(new PhaseWork(100, 10), new PhaseWork(50, 5), new PhaseWork(7, 0));
        var phases = StepPhases.Times(StepPhases.Totals.Of(tracer) - before, work, hostWaits: true);
        Assert.Equal(
            [
                new PhaseTime(StepPhase.Products, 5, work.Products), new PhaseTime(StepPhase.Attention, 5, work.Attention),
                new PhaseTime(StepPhase.Sampling, 1, work.Sampling), new PhaseTime(StepPhase.Rest, 5, null), new PhaseTime(StepPhase.Host, 4, null),
            ],
            phases);
        Assert.Empty(StepPhases.Times(default, work, hostWaits: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decoding_alone_is_watched_and_its_phases_fill_its_steps(bool distinct)
    {
        using var tracer = new Tracer();
        using var backend = new CpuBackend(
            new TinyModel(TinyModel.SmallConfig, DataType.BF16),
            new CpuBackendOptions { Threads = 1, KeyValueBlocks = 500, MaxRows = 16, Tracer = tracer });
        var settings = new ThroughputSettings(6, Prompt: 50, Generate: 20, Share: false, new SamplingParameters(), distinct);
        var result = new ThroughputBenchmark(backend, tracer).Measure(settings, repetitions: 3, TestContext.Current.CancellationToken);
        Assert.Equal(3, result.Repetitions.Count);
        var totals = result.Phases!.Value;
        Assert.Equal(3 * result.DecodeSteps, totals.Compute.Count);
        Assert.Equal(totals.Compute.Count, totals.Step.Count);
        Assert.InRange(totals.Products + totals.Attention + totals.Sampling, 1, totals.Compute.Ticks);
        Assert.InRange(totals.Compute.Ticks, 1, totals.Step.Ticks);
        Assert.InRange(totals.Step.Seconds, 0, result.Repetitions.Sum(repetition => repetition.DecodeSeconds));
        Assert.InRange(result.StepRows, 1, 6);
    }
}
