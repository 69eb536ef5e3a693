using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tests.Cuda;
using PassAtK.Engine.Tests.Reference;
using PassAtK.Engine.Tracing;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tracing;

/// <summary>What the engine and its backends tell a tracer.</summary>
public sealed class StepTraceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Spans_of_a_CPU_run_nest_and_tell_every_phase_of_every_step(int threads)
    {
        var path = _folder.File("trace.json");
        var tracer = Tracer.ToFile(path, showsWorkers: true);
        var statistics = Sample(Cpu(threads, tracer), tracer, out _);
        tracer.Finish();

        var events = TraceEvents.Read(path);
        var steps = events.Of(SpanName.Step).ToArray();
        Assert.Equal(Enumerable.Range(0, (int)statistics.Steps), steps.Select(step => step.Detail));
        var compute = events.Of(SpanName.Compute).ToArray();
        Assert.Equal(steps.Length, compute.Length);
        AssertEachLiesIn(steps, events.Of(SpanName.Plan).Concat(events.Of(SpanName.Submit)).Concat(events.Of(SpanName.Commit)));
        AssertEachLiesIn([.. events.Of(SpanName.Submit)], compute);
        SpanName[] perLayer =
        [
            SpanName.QueryKeyValue, SpanName.Rope, SpanName.Attention, SpanName.AttentionOutput, SpanName.GateUp, SpanName.Down,
        ];
        foreach (var name in perLayer)
        {
            Assert.Equal(
                Enumerable.Repeat(Enumerable.Range(0, TinyModel.SmallConfig.LayerCount), steps.Length).SelectMany(layers => layers),
                events.Of(name).Select(span => span.Detail));
            AssertEachLiesIn(compute, events.Of(name));
        }
        Assert.Equal(2 * TinyModel.SmallConfig.LayerCount * steps.Length, events.Of(SpanName.Norm).Count());

        // Nothing overlaps on the thread that samples, so phases never take longer than the step they are of.
        SpanName[] phases = [.. perLayer, SpanName.Copy, SpanName.Gather, SpanName.Norm, SpanName.FinalNorm, SpanName.Logits, SpanName.Sampling];
        Assert.InRange(phases.Sum(name => tracer.Total(name).Ticks), 1, tracer.Total(SpanName.Compute).Ticks);
        Assert.Equal(
            statistics.SampledTokens, events.Counters.Where(counter => counter.Name == CounterName.Tokens).Sum(counter => counter.Value));
        var rows = events.Counters.Where(counter => counter.Name == CounterName.Rows).Sum(counter => counter.Value);
        Assert.Equal(statistics.ComputedRows + statistics.PrefilledRows + statistics.RecomputedRows, rows);
        Assert.Equal(0, events.Counters.Last(counter => counter.Name == CounterName.Branches).Value);
        Assert.Equal(0, events.Counters.Last(counter => counter.Name == CounterName.CacheBlocks).Value);
        Assert.All(events.Of(SpanName.Work), span => Assert.StartsWith("cpu worker ", span.Track, StringComparison.Ordinal));
    }

    [Fact]
    public void Tracing_changes_no_sample()
    {
        Sample(Cpu(2, null), null, out var expected);
        using var tracer = new Tracer { ShowsWorkers = true };
        Sample(Cpu(2, tracer), tracer, out var traced);
        Assert.Equal(expected, traced);
        Assert.True(tracer.Total(SpanName.Step).Count > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Device_events_tell_every_launch_of_a_marked_step_in_graphs_and_launch_by_launch(bool launchByLaunch)
    {
        var path = _folder.File("trace.json");
        var tracer = Tracer.ToFile(path);
        Sample(Cuda(null, launchByLaunch), null, out var expected);
        var statistics = Sample(Cuda(tracer, launchByLaunch), tracer, out var traced);
        tracer.Finish();
        Assert.Equal(expected, traced);

        var events = TraceEvents.Read(path);
        TraceSpan[] device = [.. events.Spans.Where(span => span.Track == "GPU")];
        var marked = device.Where(span => span.Name == SpanName.Compute).ToArray();
        // Steps are counted where they are submitted, of which the last may be of branches that had ended.
        Assert.InRange(marked.Length, (statistics.Steps + LaunchMarks.Interval - 1) / LaunchMarks.Interval, (statistics.Steps / LaunchMarks.Interval) + 1);
        foreach (var name in new[] { SpanName.QueryKeyValue, SpanName.Rope, SpanName.AttentionOutput, SpanName.GateUp, SpanName.Activation, SpanName.Down })
        {
            Assert.Equal(
                Enumerable.Repeat(Enumerable.Range(0, Model.Config.LayerCount), marked.Length).SelectMany(layers => layers),
                device.Where(span => span.Name == name).Select(span => span.Detail));
        }
        Assert.Equal(marked.Length, device.Count(span => span.Name == SpanName.Sampling));
        foreach (var step in marked)
        {
            // The launches of a step fill it without gaps or overlaps.
            TraceSpan[] launches = [.. device.Where(span => span.Name != SpanName.Compute && span.Begin >= step.Begin - 1 && span.End <= step.End + 1)];
            Assert.InRange(launches.Sum(span => span.Nanoseconds), step.Nanoseconds - 1000 - launches.Length, step.Nanoseconds + launches.Length);
        }
        Assert.Equal(statistics.Steps, events.Of(SpanName.Wait).Count());
    }

    private static TinyModel Model { get; } = new(
        TinyModel.SmallConfig with { HiddenSize = 32, IntermediateSize = 32, HeadCount = 2, KeyValueHeadCount = 1, HeadDimension = 16 },
        DataType.BF16);

    private static CpuBackend Cpu(int threads, Tracer? tracer) => new(
        new TinyModel(TinyModel.SmallConfig, DataType.F32),
        new CpuBackendOptions { Threads = threads, KeyValueBlocks = 400, MaxRows = 32, Tracer = tracer });

    private static CudaBackend Cuda(Tracer? tracer, bool launchByLaunch) =>
        CudaUnderTest.Start(Model, 400, 32, new CudaBackendTuning { LaunchByLaunch = launchByLaunch }, tracer);

    private static EngineStatistics Sample(IBackend backend, Tracer? tracer, out (string, int, string)[] samples)
    {
        using var owned = backend;
        var requests = Enumerable.Range(0, 3).Select(index => new SampleRequest
        {
            ProblemId = $"problem-{index}",
            Prompt = [.. Enumerable.Range(2, 20 + index)],
            Parameters = new SamplingParameters { Temperature = 1, TopP = 1 },
            Seed = 3,
            MaxTokens = 25,
            Samples = [.. Enumerable.Range(0, 6)],
        });
        var engine = new SamplingEngine(backend, null, new EngineOptions { Tracer = tracer });
        var drawn = new List<(string, int, string)>();
        engine.Run(
            requests, completion => drawn.Add((completion.ProblemId, completion.Sample, string.Join(' ', completion.Tokens))),
            TestContext.Current.CancellationToken);
        samples = [.. drawn.Order()];
        return engine.Statistics;
    }

    private static void AssertEachLiesIn(TraceSpan[] outer, IEnumerable<TraceSpan> inner)
    {
        // Both are written to the nanosecond, rounded down.
        foreach (var span in inner)
            Assert.Contains(outer, around => around.Begin <= span.Begin && span.End <= around.End + 1);
    }
}
