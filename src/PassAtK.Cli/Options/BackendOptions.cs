using System.CommandLine;

using PassAtK.Engine.Tracing;

namespace PassAtK.Cli.Options;

/// <summary>How the work is done; nothing of it but the device changes a sample.</summary>
internal sealed record BackendSettings(string Backend, int? Threads, int? Batch, bool Share, long? KeyValueBytes, Tracer? Tracer = null)
{
    /// <summary>What `--backend` may say.</summary>
    public static string[] Devices => ["auto", "cpu", "cpu-bf16", "cuda"];

    /// <summary>Whether the CPU rounds the inputs of products to BF16.</summary>
    public bool RoundsActivations => Backend == "cpu-bf16";
}

/// <summary>The options that say which device works how.</summary>
internal sealed class BackendOptions
{
    private readonly Option<string> _backend = new Option<string>("--backend")
    {
        Description = "Device; auto takes a usable GPU, else the CPU; cpu-bf16 is the CPU with inputs of products rounded to BF16: faster for large batches, other samples",
        DefaultValueFactory = _ => "auto",
    }.AcceptOnlyFromAmong(BackendSettings.Devices);

    private readonly Option<int?> _threads = new("--threads") { Description = "CPU threads; auto then takes the CPU [default: all cores]" };

    private readonly Option<int?> _batch = new("--batch") { Description = "Most rows in a step [default: 256 on the CPU, 1024 on CUDA]" };

    private readonly Option<bool> _noShare = new("--no-share") { Description = "Compute every sample's own rows, even where samples agree" };

    private readonly Option<string?> _keyValueCache = new("--kv-cache") { Description = "Memory for keys and values, for example 2GB [default: by model and machine]" };

    private readonly TraceOptions _trace = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_backend);
        command.Options.Add(_threads);
        command.Options.Add(_batch);
        command.Options.Add(_noShare);
        command.Options.Add(_keyValueCache);
        _trace.AddTo(command);
    }

    /// <summary>Runs the work of a command with these settings, traced where that was asked for.</summary>
    /// <exception cref="Engine.InputException">A value is outside its range, or the trace cannot be written.</exception>
    public int Run(ParseResult arguments, Func<BackendSettings, int> work)
    {
        var settings = Read(arguments);
        return _trace.Run(arguments, tracer => work(settings with { Tracer = tracer }));
    }

    private BackendSettings Read(ParseResult arguments) => new(
        arguments.GetValue(_backend)!,
        OptionValues.AtLeastOne(arguments, _threads),
        OptionValues.AtLeastOne(arguments, _batch),
        !arguments.GetValue(_noShare),
        arguments.GetValue(_keyValueCache) is { } text ? OptionValues.Bytes(text, "--kv-cache") : null);
}
