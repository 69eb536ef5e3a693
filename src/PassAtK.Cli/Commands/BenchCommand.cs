using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Benchmarking.Kernels;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk bench`: prefill and decode throughput by batch size, on random weights of a known shape or on a model.</summary>
internal static class BenchCommand
{
    /// <summary>Steps on either side of a context of --at whose median is its step time.</summary>
    private const int Reach = 12;

    private sealed record Choices(
        string? Shape, string? Model, string DataType, int[] Batches, int Prompt, int Generate, int[] Contexts, int Repetitions,
        SamplingParameters Sampling, BackendSettings Backend);

    public static Command Create()
    {
        var command = new Command("bench", "Measure prefill and decode throughput by batch size");
        var shape = new Option<string?>("--shape") { Description = $"Random weights of this shape: {string.Join(", ", ModelShapes.Names)}" };
        var model = new Option<string?>("--model") { Description = "Hugging Face model folder instead of a shape" };
        var dtype = new Option<string>("--dtype") { Description = "Type of random weights", DefaultValueFactory = _ => "bf16" }
            .AcceptOnlyFromAmong("bf16", "f16", "f32");
        var batch = new Option<string>("--batch") { Description = "Batch sizes, separated by commas", DefaultValueFactory = _ => "1,8,64,256" };
        var prompt = new Option<int>("--prompt") { Description = "Prompt tokens", DefaultValueFactory = _ => 128 };
        var generate = new Option<int>("--generate") { Description = "Tokens per sample", DefaultValueFactory = _ => 64 };
        var at = new Option<string?>("--at") { Description = "Contexts, separated by commas, whose step time is told; generates as many tokens as the longest needs" };
        var repeat = new Option<int>("--repeat") { Description = "Measured repetitions; medians are shown", DefaultValueFactory = _ => 3 };
        var temperature = new Option<float>("--temperature") { Description = "Sampling temperature; 0 takes the most likely token", DefaultValueFactory = _ => 1 };
        var topP = new Option<float>("--top-p") { Description = "Mass of the nucleus", DefaultValueFactory = _ => 1 };
        var threads = new Option<int?>("--threads") { Description = "CPU threads [default: all cores]" };
        var noShare = new Option<bool>("--no-share") { Description = "Compute every sample's own rows" };
        var device = new Option<string>("--backend") { Description = "Device", DefaultValueFactory = _ => "auto" }.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        Option[] options = [shape, model, dtype, batch, prompt, generate, at, repeat, temperature, topP, threads, noShare, device, json];
        foreach (var option in options)
            command.Options.Add(option);
        var kernel = new KernelOptions();
        kernel.AddTo(command);
        CommandRunner.SetAction(command, (arguments, cancellation) =>
        {
            if (kernel.Name(arguments) is { } name)
            {
                RefuseUnused(arguments, name, shape, model, threads, device);
                var rows = arguments.GetResult(batch) is { Implicit: false } ? arguments.GetValue(batch)! : "1";
                RunKernel(name, kernel.Read(arguments, rows), arguments.GetValue(json));
                return ExitCode.Done;
            }
            var sampling = new SamplingParameters { Temperature = arguments.GetValue(temperature), TopP = arguments.GetValue(topP) };
            sampling.Validate();
            var backend = new BackendSettings(
                arguments.GetValue(device)!, OptionValues.AtLeastOne(arguments, threads), null, !arguments.GetValue(noShare), null);
            int[] contexts = arguments.GetValue(at) is { } text ? OptionValues.Integers(text, "--at", 1) : [];
            var promptTokens = OptionValues.AtLeastOne(arguments, prompt);
            if (contexts.Any(context => context <= promptTokens + Reach))
                throw new InputException(
                    $"--at holds {contexts.Min()}, expected at least {promptTokens + Reach + 1}: {Reach} steps before and after a context are timed, after " +
                    $"the {promptTokens} tokens of --prompt.");
            var generated = contexts.Length > 0 ? contexts.Max() + Reach - promptTokens + 1 : OptionValues.AtLeastOne(arguments, generate);
            var choices = new Choices(
                arguments.GetValue(shape), arguments.GetValue(model), arguments.GetValue(dtype)!,
                OptionValues.Integers(arguments.GetValue(batch)!, "--batch", 1), promptTokens, generated, contexts,
                OptionValues.AtLeastOne(arguments, repeat), sampling, backend);
            Run(choices, arguments.GetValue(json), cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static void RefuseUnused(
        ParseResult arguments, string kernel, Option<string?> shape, Option<string?> model, Option<int?> threads, Option<string> device)
    {
        var unused = arguments.GetValue(shape) is not null ? "--shape"
            : arguments.GetValue(model) is not null ? "--model"
            : arguments.GetValue(threads) is not null ? "--threads"
            : arguments.GetValue(device) == "cpu" ? "--backend cpu"
            : null;
        if (unused is not null)
            throw new UsageException($"{unused} and --kernel {kernel} are given, expected one of them: a kernel by itself runs on a GPU, without a model.");
    }

    private static void Run(Choices choices, bool json, CancellationToken cancellation)
    {
        var cuda = BackendChoice.UsesCuda(choices.Backend);
        using var weights = OpenWeights(choices);
        var config = weights.Config;
        var length = (long)choices.Prompt + choices.Generate;
        if (length > config.MaxPositions)
            throw new InputException(
                $"--prompt and {(choices.Contexts.Length > 0 ? "--at" : "--generate")} make {length} positions; the model's context is " +
                $"{config.MaxPositions}: lower one of them.");
        if (choices.Generate < 2)
            throw new InputException("--generate is 1, expected at least 2: the first token belongs to the prompt's step.");

        // Ceilings first: they need memory that the KV cache may take.
        var ceilings = cuda && choices.Contexts.Length > 0 ? DeviceCeilings.Measure() : null;
        var maxRows = Math.Max(choices.Batches.Max(), cuda ? BackendFactory.CudaRows : BackendFactory.CpuRows);
        // The prompt once, and for each sample a copy of its last block and what it generates.
        var blocks = (choices.Prompt / BlockTable.BlockSize) + 2 + (choices.Batches.Max() * ((choices.Generate / BlockTable.BlockSize) + 2));
        var clock = Stopwatch.StartNew();
        using var backend = BackendFactory.Create(weights, choices.Backend, cuda, length, maxRows, blocks, 0);
        var loadSeconds = clock.Elapsed.TotalSeconds;
        var threads = cuda ? (int?)null : choices.Backend.Threads ?? Environment.ProcessorCount;
        var results = new List<BenchDocument.Result>();
        if (!json)
            PrintHeader(choices, backend.Name, threads, ceilings);
        foreach (var batch in choices.Batches)
        {
            var settings = new ThroughputSettings(batch, choices.Prompt, choices.Generate, choices.Backend.Share, choices.Sampling);
            var measured = new ThroughputBenchmark(backend).Measure(settings, choices.Repetitions, cancellation);
            var result = new BenchDocument.Result(
                batch, measured.DecodeTokensPerSecond, measured.PrefillTokensPerSecond, measured.ComputedRowsPerSecond, measured.DecodeSeconds,
                measured.DecodeSpread, measured.DecodeSteps,
                [.. choices.Contexts.Select(context => AtContext(config, batch, context, measured, ceilings)).OfType<BenchDocument.ContextResult>()]);
            results.Add(result);
            if (!json)
                Print(result);
        }
        var held = BackendFactory.Memory(backend);
        var memory = new BenchDocument.MemoryFacts(Environment.WorkingSet, PeakMemory.Bytes(), held.Weights, held.KeyValues, held.Workspace);
        if (json)
        {
            var document = new BenchDocument(
                ProductVersion.Text, choices.Shape ?? choices.Model!, choices.Model is null ? choices.DataType : null, backend.Name,
                DoctorReport.CpuFacts.Read(), threads, choices.Backend.Share, choices.Prompt, choices.Generate, choices.Repetitions,
                choices.Sampling.Temperature, choices.Sampling.TopP, loadSeconds, results, memory, ceilings);
            Terminal.Out.WriteLine(JsonSerializer.Serialize(document, CliJson.Default.BenchDocument));
            return;
        }
        Terminal.Out.WriteLine(
            $"peak memory {ByteSize.Text(memory.PeakBytes)}: weights {ByteSize.Text(memory.WeightBytes)}, KV cache " +
            $"{ByteSize.Text(memory.KeyValueBytes)}, work space {ByteSize.Text(memory.WorkspaceBytes)}");
    }

    private static void RunKernel(string name, KernelSizes sizes, bool json)
    {
        BackendChoice.DemandCuda($"--kernel {name}");
        var result = KernelBenchmark.Measure(name, sizes);
        Terminal.Out.WriteLine(json
            ? JsonSerializer.Serialize(result, CliJson.Default.KernelResult)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Kernel} by {result.By} on {result.Device}: {result.Microseconds:0.00} us ({result.Fastest:0.00} to {result.Slowest:0.00}), " +
                $"{result.Bytes / result.Microseconds / 1e6:0.000} TB/s, {result.Flops / result.Microseconds / 1e6:0.0} TFLOP/s"));
    }

    private static BenchDocument.ContextResult? AtContext(ModelConfig config, int batch, int context, ThroughputResult measured, DeviceCeilings? ceilings)
    {
        if (measured.SecondsAt(context, Reach) is not { } seconds)
            return null;
        var work = StepWork.Of(config, batch, context);
        return new BenchDocument.ContextResult(
            context, seconds, batch / seconds, work.WeightBytes, work.KeyValueBytes, work.WeightBytes + work.KeyValueBytes, work.Flops,
            ceilings is null ? null : work.Floor(ceilings.CopyBytesPerSecond, ceilings.FlopsPerSecond) / seconds);
    }

    private static IWeightSource OpenWeights(Choices choices) => (choices.Shape, choices.Model) switch
    {
        (null, null) => throw new UsageException("Neither --shape nor --model is given, expected one of them."),
        (not null, not null) => throw new UsageException("Both --shape and --model are given, expected one of them."),
        (null, { } folder) => Checkpoint.Open(folder),
        ({ } shape, null) => new RandomWeights(ModelShapes.Get(shape), Enum.Parse<DataType>(choices.DataType, ignoreCase: true), seed: 1),
    };

    private static void PrintHeader(Choices choices, string backend, int? threads, DeviceCeilings? ceilings)
    {
        var what = choices.Model ?? $"{choices.Shape} {choices.DataType}";
        var where = threads is null ? backend : $"{threads} threads";
        Terminal.Out.WriteLine($"{what}, {where}, prompt {choices.Prompt}, generate {choices.Generate}, {(choices.Backend.Share ? "shared" : "unshared")}");
        if (ceilings is not null)
            Terminal.Out.WriteLine(ceilings.Text);
        Terminal.Out.WriteLine($"{"batch",6}{"decode tokens/s",18}{"rows/s",12}{"spread",9}{"prefill tokens/s",19}");
        Terminal.Flush();
    }

    private static void Print(BenchDocument.Result result)
    {
        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Batch,6}{result.DecodeTokensPerSecond,18:0.0}{result.ComputedRowsPerSecond,12:0.0}{result.DecodeSpread,9:0.0%}{result.PrefillTokensPerSecond,19:0.0}"));
        foreach (var point in result.Contexts)
        {
            var share = point.Roofline is { } roofline ? string.Create(CultureInfo.InvariantCulture, $", {roofline:0%} of the roofline") : "";
            Terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"       at context {point.Context}: step {point.StepSeconds * 1e3:0.00} ms, {point.TokensPerSecond:0} tokens/s; " +
                $"weights {ByteSize.Text(point.WeightBytes)}, KV {ByteSize.Text(point.KeyValueBytes)}, {point.Flops / 1e12:0.00} TFLOP{share}"));
        }
        Terminal.Flush();
    }
}
