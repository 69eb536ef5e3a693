using System.Diagnostics.Metrics;
using PassAtK.Engine.Metrics;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tests.Scheduling;

namespace PassAtK.Engine.Tests.Metrics;

/// <summary>Runs alone: the meter counts for the whole process.</summary>
[CollectionDefinition(nameof(MeterTests), DisableParallelization = true)]
[Collection(nameof(MeterTests))]
public sealed class MeterTests : IDisposable
{
    private readonly Dictionary<string, double> _sums = [];
    private readonly Dictionary<string, string?> _units = [];
    private readonly MeterListener _listener = new();

    public MeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == PassAtKMeter.Name)
            {
                _units[instrument.Name] = instrument.Unit;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, 1, tags));
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Counters_tell_what_the_engine_counted()
    {
        _listener.Start();
        var statistics = Sample(blocks: 12);
        Assert.True(statistics.Preemptions > 0);
        Assert.Equal(statistics.SampledTokens, _sums["passatk.tokens.sampled"]);
        Assert.Equal(statistics.ComputedRows, _sums["passatk.rows.computed"]);
        Assert.Equal(statistics.PrefilledRows, _sums["passatk.rows.prefilled"]);
        Assert.Equal(statistics.RecomputedRows, _sums["passatk.rows.recomputed"]);
        Assert.Equal(statistics.Preemptions, _sums["passatk.preemptions"]);
        Assert.Equal(statistics.CompletedSamples, _sums["passatk.samples.completed"]);
        Assert.Equal(statistics.Steps, _sums["passatk.step.duration"]);
        Assert.Equal("{token}", _units["passatk.tokens.sampled"]);
        Assert.Equal("s", _units["passatk.step.duration"]);
        Assert.Equal("{block}", _units["passatk.cache.blocks"]);
    }

    [Fact]
    public void Blocks_and_branches_are_told_to_whoever_asks_while_they_are_held()
    {
        _listener.Start();
        var watched = false;
        using (var scheduler = Begin(blocks: 100, new EngineStatistics()))
        {
            while (scheduler.Step())
            {
                _sums.Clear();
                _listener.RecordObservableInstruments();
                Assert.Equal(scheduler.BlocksInUse, _sums["passatk.cache.blocks passatk.cache.block.state=used"]);
                Assert.Equal(100 - scheduler.BlocksInUse, _sums["passatk.cache.blocks passatk.cache.block.state=free"]);
                watched |= _sums["passatk.branches"] > 1;
            }
        }
        Assert.True(watched);
        _sums.Clear();
        _listener.RecordObservableInstruments();
        Assert.All(_sums, sum => Assert.Equal(0, sum.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_reports_without_allocating(bool listens)
    {
        var heard = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (listens && instrument.Meter.Name == PassAtKMeter.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => heard++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => heard++);
        listener.Start();
        using var metrics = new StepMetrics(new EngineStatistics(), 10);
        metrics.EndStep(1, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++)
            metrics.EndStep(step % 10, step);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(listens, heard > 0);
    }

    private static EngineStatistics Sample(int blocks)
    {
        var statistics = new EngineStatistics();
        using var scheduler = Begin(blocks, statistics);
        while (scheduler.Step())
        {
        }
        return statistics;
    }

    private static Scheduler Begin(int blocks, EngineStatistics statistics)
    {
        var backend = new PrefixBackend(blocks, 16);
        var requests = Enumerable.Range(0, 4).Select(index => new SampleRequest
        {
            ProblemId = $"problem-{index}",
            Prompt = [2, 3, 4, 5],
            Parameters = new SamplingParameters { Temperature = 1, TopP = 1 },
            Seed = 3,
            MaxTokens = 40,
            Samples = [.. Enumerable.Range(0, 5)],
        });
        return new Scheduler(backend, null, new EngineOptions { IgnoreEndOfSequence = true }, statistics, requests, _ => { });
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = instrument.Name;
        foreach (var tag in tags)
            key += $" {tag.Key}={tag.Value}";
        _sums[key] = _sums.GetValueOrDefault(key) + value;
    }
}
