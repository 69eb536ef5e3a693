using System.Diagnostics;
using PassAtK.Cli.Commands;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Engine;
using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Benchmarking.Kernels;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tracing;

namespace PassAtK.Cli.Sessions;

/// <summary>What `passatk bench` is to measure: every batch size at every prompt length.</summary>
/// <param name="Shape">Random weights of this shape, or null.</param>
/// <param name="Model">Else a model folder.</param>
/// <param name="DataType">Type of random weights.</param>
/// <param name="Batches">Batch sizes.</param>
/// <param name="Prompts">Prompt tokens.</param>
/// <param name="Generate">Tokens of a sample.</param>
/// <param name="Contexts">Contexts whose step time is told.</param>
/// <param name="Repetitions">Measured ones.</param>
/// <param name="Distinct">Whether each sample has a prompt of its own.</param>
/// <param name="Sampling">How tokens are drawn.</param>
/// <param name="Backend">Device.</param>
internal sealed record BenchRequest(
    string? Shape, string? Model, string DataType, int[] Batches, int[] Prompts, int Generate, int[] Contexts, int Repetitions, bool Distinct,
    SamplingParameters Sampling, BackendSettings Backend);

/// <summary>Measures throughput, phases and memory of one backend.</summary>
internal static class BenchRun
{
    /// <summary>Steps on either side of a context of --at whose median is its step time.</summary>
    public const int Reach = 12;

    /// <param name="request">What to measure.</param>
    /// <param name="began">Told the document without results, once the backend is there.</param>
    /// <param name="measured">Told each result as it comes.</param>
    /// <param name="cancellation">Ends after the current step.</param>
    public static BenchDocument Execute(
        BenchRequest request, Action<BenchDocument> began, Action<BenchDocument.Result> measured, CancellationToken cancellation)
    {
        var cuda = BackendChoice.UsesCuda(request.Backend);
        using var weights = OpenWeights(request);
        var config = weights.Config;
        Check(request, config);
        // Ceilings first: they need memory that the KV cache may take.
        var ceilings = cuda ? DeviceCeilings.Measure() : ProcessorCeilings.Measure(request.Backend.Threads ?? 0, request.Backend.RoundsActivations);
        PeakMemory.Restart();
        var maxRows = Math.Max(request.Batches.Max(), cuda ? BackendFactory.CudaRows : BackendFactory.CpuRows);
        var tracer = request.Backend.Tracer ?? new Tracer();
        var clock = Stopwatch.StartNew();
        using var backend = BackendFactory.Create(
            weights, request.Backend with { Tracer = tracer }, cuda, (long)request.Prompts.Max() + request.Generate, maxRows, Blocks(request), 0);
        var loadSeconds = clock.Elapsed.TotalSeconds;
        var document = new BenchDocument(
            ProductVersion.Text, request.Shape ?? request.Model!, request.Model is null ? request.DataType : null, backend.Name,
            DoctorReport.CpuFacts.Read(), cuda ? null : request.Backend.Threads ?? Environment.ProcessorCount, request.Backend.Share,
            request.Distinct, request.Prompts[0], request.Generate, request.Repetitions, request.Sampling.Temperature, request.Sampling.TopP,
            loadSeconds, [], new BenchDocument.MemoryFacts(0, 0, 0, 0, 0), ceilings);
        began(document);

        var sizes = cuda ? ElementSizes.Device : ElementSizes.Processor(weights.Get("model.norm.weight").Type);
        var results = new List<BenchDocument.Result>();
        foreach (var prompt in request.Prompts)
        {
            foreach (var batch in request.Batches)
            {
                var settings = new ThroughputSettings(
                    batch, prompt, request.Generate, request.Backend.Share, request.Sampling, request.Distinct);
                var throughput = new ThroughputBenchmark(backend, tracer).Measure(settings, request.Repetitions, cancellation);
                var result = Result(request, settings, throughput, config, sizes, ceilings, hostWaits: !cuda);
                results.Add(result);
                measured(result);
            }
        }
        var held = BackendFactory.Memory(backend);
        return document with
        {
            Results = results,
            Memory = new BenchDocument.MemoryFacts(
                Environment.WorkingSet, PeakMemory.Bytes(), held.Weights, held.KeyValues, held.Workspace),
        };
    }

    private static BenchDocument.Result Result(
        BenchRequest request, ThroughputSettings settings, ThroughputResult throughput, ModelConfig config, ElementSizes sizes,
        Ceilings ceilings, bool hostWaits)
    {
        // Rows attend to one position more with every step, the prompt's among them read once where it is one.
        var context = settings.Prompt + ((throughput.DecodeSteps + 1) / 2.0);
        var work = StepWork.Of(config, throughput.StepRows, context, settings.Distinct ? 0 : settings.Prompt, sizes);
        var phases = throughput.Phases is { } totals ? StepPhases.Times(totals, work, hostWaits) : [];
        var step = phases.Sum(phase => phase.StepSeconds);
        return new BenchDocument.Result(
            settings.Prompt, settings.Batch, throughput.DecodeTokensPerSecond, throughput.PrefillTokensPerSecond,
            throughput.ComputedRowsPerSecond, throughput.DecodeSeconds, throughput.DecodeSpread, throughput.DecodeSteps,
            [.. request.Contexts.Select(at => AtContext(config, settings.Batch, at, throughput, sizes, ceilings)).OfType<BenchDocument.ContextResult>()],
            throughput.Repetitions, [.. phases.Select(phase => Phase(phase, step, ceilings))]);
    }

    private static BenchDocument.PhaseResult Phase(PhaseTime phase, double step, Ceilings ceilings) => new(
        phase.Phase.ToString().ToLowerInvariant(), phase.StepSeconds, phase.StepSeconds / step, phase.Work?.Bytes, phase.Work?.Flops,
        phase.Work?.Bytes / phase.StepSeconds, phase.Work?.Flops / phase.StepSeconds,
        phase.Work is { } work ? ceilings.Share(work, phase.StepSeconds) : null);

    private static BenchDocument.ContextResult? AtContext(
        ModelConfig config, int batch, int context, ThroughputResult throughput, ElementSizes sizes, Ceilings ceilings)
    {
        if (throughput.SecondsAt(context, Reach) is not { } seconds)
            return null;
        var work = StepWork.Of(config, batch, context, sizes: sizes);
        return new BenchDocument.ContextResult(
            context, seconds, batch / seconds, work.WeightBytes, work.KeyValueBytes, work.WeightBytes + work.KeyValueBytes, work.Flops,
            work.Floor(ceilings.BytesPerSecond, ceilings.FlopsPerSecond) / seconds);
    }

    private static void Check(BenchRequest request, ModelConfig config)
    {
        var length = (long)request.Prompts.Max() + request.Generate;
        if (length > config.MaxPositions)
        {
            throw new InputException(
                $"--prompt and {(request.Contexts.Length > 0 ? "--at" : "--generate")} make {length} positions; the model's context is " +
                $"{config.MaxPositions}: lower one of them.");
        }
        if (request.Generate < 2)
            throw new UsageException("--generate is 1, expected at least 2: the first token belongs to the prompt's step.");
    }

    /// <summary>A prompt once, or once a sample; and for each sample a copy of its last block and what it generates.</summary>
    private static int Blocks(BenchRequest request)
    {
        var prompt = (request.Prompts.Max() / BlockTable.BlockSize) + 2;
        var generated = (request.Generate / BlockTable.BlockSize) + 2;
        var samples = request.Batches.Max();
        return (request.Distinct ? samples * prompt : prompt) + (samples * generated);
    }

    private static IWeightSource OpenWeights(BenchRequest request) => (request.Shape, request.Model) switch
    {
        (null, null) => throw new UsageException("Neither --shape nor --model is given, expected one of them."),
        (not null, not null) => throw new UsageException("Both --shape and --model are given, expected one of them."),
        (null, { } folder) => Checkpoint.Open(folder),
        ({ } shape, null) => new RandomWeights(
            OptionValues.Checked(() => ModelShapes.Get(shape)), Enum.Parse<DataType>(request.DataType, ignoreCase: true), seed: 1),
    };
}
