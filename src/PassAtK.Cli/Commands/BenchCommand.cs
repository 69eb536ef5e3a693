using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk bench`: prefill and decode throughput by batch size, on random weights of a known shape or on a model.</summary>
internal static class BenchCommand
{
    private sealed record Choices(
        string? Shape, string? Model, string DataType, int[] Batches, int Prompt, int Generate, int Repetitions, SamplingParameters Sampling,
        BackendSettings Backend);

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
        var repeat = new Option<int>("--repeat") { Description = "Measured repetitions; medians are shown", DefaultValueFactory = _ => 3 };
        var temperature = new Option<float>("--temperature") { Description = "Sampling temperature; 0 takes the most likely token", DefaultValueFactory = _ => 1 };
        var topP = new Option<float>("--top-p") { Description = "Mass of the nucleus", DefaultValueFactory = _ => 1 };
        var threads = new Option<int?>("--threads") { Description = "CPU threads [default: all cores]" };
        var noShare = new Option<bool>("--no-share") { Description = "Compute every sample's own rows" };
        var device = new Option<string>("--backend") { Description = "Device", DefaultValueFactory = _ => "auto" }.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        Option[] options = [shape, model, dtype, batch, prompt, generate, repeat, temperature, topP, threads, noShare, device, json];
        foreach (var option in options)
            command.Options.Add(option);
        CommandRunner.SetAction(command, (arguments, cancellation) =>
        {
            var sampling = new SamplingParameters { Temperature = arguments.GetValue(temperature), TopP = arguments.GetValue(topP) };
            sampling.Validate();
            var backend = new BackendSettings(
                arguments.GetValue(device)!, OptionValues.AtLeastOne(arguments, threads), null, !arguments.GetValue(noShare), null);
            var choices = new Choices(
                arguments.GetValue(shape), arguments.GetValue(model), arguments.GetValue(dtype)!,
                OptionValues.Integers(arguments.GetValue(batch)!, "--batch", 1), OptionValues.AtLeastOne(arguments, prompt),
                OptionValues.AtLeastOne(arguments, generate), OptionValues.AtLeastOne(arguments, repeat), sampling, backend);
            Run(choices, arguments.GetValue(json), cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Run(Choices choices, bool json, CancellationToken cancellation)
    {
        if (choices.Backend.Backend == "cuda")
            throw new NoDeviceException(DoctorReport.CudaUnavailable(DoctorReport.Create()));
        using var weights = OpenWeights(choices);
        var config = weights.Config;
        var length = (long)choices.Prompt + choices.Generate;
        if (length > config.MaxPositions)
            throw new InputException($"--prompt and --generate make {length} positions; the model's context is {config.MaxPositions}: lower one of them.");
        if (choices.Generate < 2)
            throw new InputException("--generate is 1, expected at least 2: the first token belongs to the prompt's step.");

        var maxRows = Math.Max(choices.Batches.Max(), LoadedModel.DefaultMaxRows);
        var threads = choices.Backend.Threads ?? Environment.ProcessorCount;
        using var backend = new CpuBackend(weights, new CpuBackendOptions
        {
            Threads = threads,
            MaxRows = maxRows,
            // The prompt once, and for each sample a copy of its last block and what it generates.
            KeyValueBlocks = (choices.Prompt / BlockTable.BlockSize) + 2 + (choices.Batches.Max() * ((choices.Generate / BlockTable.BlockSize) + 2)),
        });
        var results = new List<BenchDocument.Result>();
        if (!json)
            PrintHeader(choices, threads);
        foreach (var batch in choices.Batches)
        {
            var settings = new ThroughputSettings(batch, choices.Prompt, choices.Generate, choices.Backend.Share, choices.Sampling);
            var measured = new ThroughputBenchmark(backend).Measure(settings, choices.Repetitions, cancellation);
            var result = new BenchDocument.Result(
                batch, measured.DecodeTokensPerSecond, measured.PrefillTokensPerSecond, measured.ComputedRowsPerSecond, measured.DecodeSeconds,
                measured.DecodeSpread, measured.DecodeSteps);
            results.Add(result);
            if (!json)
                Print(result);
        }
        var memory = new BenchDocument.MemoryFacts(Environment.WorkingSet, PeakMemory.Bytes(), backend.WeightBytes, backend.KeyValueBytes, backend.WorkspaceBytes);
        if (json)
        {
            var document = new BenchDocument(
                ProductVersion.Text, choices.Shape ?? choices.Model!, choices.Model is null ? choices.DataType : null, backend.Name,
                DoctorReport.Create().Cpu, threads, choices.Backend.Share, choices.Prompt, choices.Generate, choices.Repetitions,
                choices.Sampling.Temperature, choices.Sampling.TopP, results, memory);
            Terminal.Out.WriteLine(JsonSerializer.Serialize(document, CliJson.Default.BenchDocument));
            return;
        }
        Terminal.Out.WriteLine(
            $"peak memory {ByteSize.Text(memory.PeakBytes)}: weights {ByteSize.Text(memory.WeightBytes)}, KV cache " +
            $"{ByteSize.Text(memory.KeyValueBytes)}, work space {ByteSize.Text(memory.WorkspaceBytes)}");
    }

    private static IWeightSource OpenWeights(Choices choices) => (choices.Shape, choices.Model) switch
    {
        (null, null) => throw new UsageException("Neither --shape nor --model is given, expected one of them."),
        (not null, not null) => throw new UsageException("Both --shape and --model are given, expected one of them."),
        (null, { } folder) => Checkpoint.Open(folder),
        ({ } shape, null) => new RandomWeights(ModelShapes.Get(shape), Enum.Parse<DataType>(choices.DataType, ignoreCase: true), seed: 1),
    };

    private static void PrintHeader(Choices choices, int threads)
    {
        var what = choices.Model ?? $"{choices.Shape} {choices.DataType}";
        Terminal.Out.WriteLine($"{what}, {threads} threads, prompt {choices.Prompt}, generate {choices.Generate}, {(choices.Backend.Share ? "shared" : "unshared")}");
        Terminal.Out.WriteLine($"{"batch",6}{"decode tokens/s",18}{"rows/s",12}{"spread",9}{"prefill tokens/s",19}");
        Terminal.Flush();
    }

    private static void Print(BenchDocument.Result result)
    {
        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Batch,6}{result.DecodeTokensPerSecond,18:0.0}{result.ComputedRowsPerSecond,12:0.0}{result.DecodeSpread,9:0.0%}{result.PrefillTokensPerSecond,19:0.0}"));
        Terminal.Flush();
    }
}

/// <summary>The JSON of `passatk bench`.</summary>
internal sealed record BenchDocument(
    string Version, string Model, string? Dtype, string Backend, DoctorReport.CpuFacts Cpu, int Threads, bool Share, int Prompt, int Generate,
    int Repetitions, float Temperature, float TopP, IReadOnlyList<BenchDocument.Result> Results, BenchDocument.MemoryFacts Memory)
{
    internal sealed record Result(
        int Batch, double DecodeTokensPerSecond, double PrefillTokensPerSecond, double ComputedRowsPerSecond, double DecodeSeconds,
        double DecodeSpread, int DecodeSteps);

    internal sealed record MemoryFacts(long CurrentBytes, long PeakBytes, long WeightBytes, long KeyValueBytes, long WorkspaceBytes);
}
