using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Cli.Sessions;
using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Benchmarking.Kernels;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Tracing;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk bench`: prefill and decode throughput by batch size, on random weights of a known shape or on a model.</summary>
internal static class BenchCommand
{
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
        var sweep = new Option<string?>("--sweep") { Description = "Contexts, separated by commas: measures every batch size at each, samples having prompts of their own, and draws a chart" };
        var distinct = new Option<bool>("--distinct") { Description = "Give each sample a prompt of its own, so that rows have no keys and values in common" };
        var repeat = new Option<int>("--repeat") { Description = "Measured repetitions; medians are shown", DefaultValueFactory = _ => 3 };
        var temperature = new Option<float>("--temperature") { Description = "Sampling temperature; 0 takes the most likely token", DefaultValueFactory = _ => 1 };
        var topP = new Option<float>("--top-p") { Description = "Mass of the nucleus", DefaultValueFactory = _ => 1 };
        var threads = new Option<int?>("--threads") { Description = "CPU threads [default: all cores]" };
        var noShare = new Option<bool>("--no-share") { Description = "Compute every sample's own rows" };
        var device = new Option<string>("--backend") { Description = "Device", DefaultValueFactory = _ => "auto" }
            .AcceptOnlyFromAmong(BackendSettings.Devices);
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        Option[] options = [shape, model, dtype, batch, prompt, generate, at, sweep, distinct, repeat, temperature, topP, threads, noShare, device, json];
        foreach (var option in options)
            command.Options.Add(option);
        var compare = new BaselineOptions();
        compare.AddTo(command);
        var trace = new TraceOptions();
        trace.AddTo(command);
        var kernel = new KernelOptions();
        kernel.AddTo(command);
        CommandRunner.SetAction(command, (arguments, cancellation) =>
        {
            if (kernel.Name(arguments) is { } name)
            {
                RefuseUnused(arguments, name, [shape, model, threads, sweep], device);
                var rows = arguments.GetResult(batch) is { Implicit: false } ? arguments.GetValue(batch)! : "1";
                RunKernel(name, kernel.Read(arguments, rows), arguments.GetValue(json));
                return ExitCode.Done;
            }
            return trace.Run(arguments, tracer => Run(
                Read(tracer), compare.Read(arguments), arguments.GetValue(json), arguments.GetValue(sweep) is not null, cancellation));

            BenchRequest Read(Tracer? tracer)
            {
                var sampling = SamplingOptions.Valid(
                    new() { Temperature = arguments.GetValue(temperature), TopP = arguments.GetValue(topP) });
                int[] contexts = arguments.GetValue(at) is { } text ? OptionValues.Integers(text, "--at", 1) : [];
                int[] prompts = arguments.GetValue(sweep) is { } swept
                    ? OptionValues.Integers(swept, "--sweep", 1)
                    : [OptionValues.AtLeastOne(arguments, prompt)];
                if (contexts.Length > 0 && arguments.GetValue(sweep) is not null)
                    throw new UsageException("Both --at and --sweep are given, expected one of them.");
                if (contexts.Any(context => context <= prompts[0] + BenchRun.Reach))
                {
                    throw new UsageException(
                        $"--at holds {contexts.Min()}, expected at least {prompts[0] + BenchRun.Reach + 1}: {BenchRun.Reach} steps before and " +
                        $"after a context are timed, after the {prompts[0]} tokens of --prompt.");
                }
                var generated = contexts.Length > 0
                    ? contexts.Max() + BenchRun.Reach - prompts[0] + 1
                    : OptionValues.AtLeastOne(arguments, generate);
                return new BenchRequest(
                    arguments.GetValue(shape), arguments.GetValue(model), arguments.GetValue(dtype)!,
                    OptionValues.Integers(arguments.GetValue(batch)!, "--batch", 1), prompts, generated, contexts,
                    OptionValues.AtLeastOne(arguments, repeat), arguments.GetValue(distinct) || arguments.GetValue(sweep) is not null, sampling,
                    new BackendSettings(
                        arguments.GetValue(device)!, OptionValues.AtLeastOne(arguments, threads), null, !arguments.GetValue(noShare), null, tracer));
            }
        });
        return command;
    }

    private static int Run(BenchRequest request, BaselineSettings? compare, bool json, bool sweeps, CancellationToken cancellation)
    {
        // What cannot be read is refused before anything is measured.
        var old = compare is null ? null : BenchComparison.Read(compare.Path);
        var document = BenchRun.Execute(
            request, started => Print(BenchTable.Header(request, started)), result => Print(BenchTable.Result(result)), cancellation);
        if (old is not null)
            document = document with { Comparison = BenchComparison.Compare(compare!.Path, old, document, compare.Tolerance) };
        if (json)
        {
            Terminal.Out.WriteLine(JsonSerializer.Serialize(document, CliJson.Default.BenchDocument));
        }
        else
        {
            Print(BenchTable.Memory(document.Memory));
            if (sweeps)
                Print(SweepChart.Render(document.Results, Environment.GetEnvironmentVariable("TERM") == "dumb"));
            if (document.Comparison is { } compared)
                Print(BenchTable.Compared(compare!.Path, compared));
        }
        var slower = document.Comparison?.Any(result => result.Change == Change.Slower) ?? false;
        return slower && compare!.FailsOnRegression ? ExitCode.Failed : ExitCode.Done;

        void Print(string text)
        {
            if (json)
                return;
            Terminal.Out.WriteLine(text);
            Terminal.Flush();
        }
    }

    private static void RefuseUnused(ParseResult arguments, string kernel, Option[] unused, Option<string> device)
    {
        var given = unused.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name
            ?? (arguments.GetValue(device) is { } named && named.StartsWith("cpu", StringComparison.Ordinal) ? $"--backend {named}" : null);
        if (given is not null)
            throw new UsageException(
                $"{given} and --kernel {kernel} are given, expected one of them: a kernel by itself runs on a GPU, without a model.");
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
}
