using System.CommandLine;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Benchmarking.Kernels;

namespace PassAtK.Cli.Options;

/// <summary>
/// The options of `passatk bench --kernel`, which times one kernel by itself; documented in docs/kernels.md, not in the command's help.
/// </summary>
internal sealed class KernelOptions
{
    private readonly Option<string?> _kernel = Named<string?>("--kernel", null);
    private readonly Option<int> _vocabulary = Named("--vocabulary", 151_936);
    private readonly Option<int> _context = Named("--context", 4096);
    private readonly Option<int> _siblings = Named("--siblings", 1);
    private readonly Option<int> _heads = Named("--heads", 32);
    private readonly Option<int> _keyValueHeads = Named("--kv-heads", 8);
    private readonly Option<int> _headDimension = Named("--head-dim", 128);
    private readonly Option<int> _inputs = Named("--inputs", 4096);
    private readonly Option<int> _outputs = Named("--outputs", 4096);
    private readonly Option<string> _bytes = Named("--bytes", "1GB");
    private readonly Option<int> _replays = Named("--replays", 15);
    private readonly Option<bool> _small = Named("--small", false);

    public void AddTo(Command command)
    {
        Option[] options =
        [
            _kernel, _vocabulary, _context, _siblings, _heads, _keyValueHeads, _headDimension, _inputs, _outputs, _bytes, _replays, _small,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    public string? Name(ParseResult arguments) => arguments.GetValue(_kernel);

    /// <param name="arguments">The command line.</param>
    /// <param name="batch">The value of --batch.</param>
    /// <exception cref="UsageException">A value is outside its range, or not what the kernels take.</exception>
    public KernelSizes Read(ParseResult arguments, string batch)
    {
        int Value(Option<int> option) => OptionValues.AtLeastOne(arguments, option);
        var batches = OptionValues.Integers(batch, "--batch", 1);
        if (batches.Length != 1)
            throw new UsageException($"--batch holds {batches.Length} sizes, expected one: --kernel times one size at a time.");
        var sizes = new KernelSizes(
            batches[0], Value(_vocabulary), Value(_context), Value(_siblings), Value(_heads),
            Value(_keyValueHeads), Value(_headDimension), Value(_inputs), Value(_outputs),
            OptionValues.Bytes(arguments.GetValue(_bytes)!, "--bytes"), Value(_replays));
        if (arguments.GetValue(_small))
            sizes = sizes.Small();
        Check(sizes);
        return sizes;
    }

    private static void Check(KernelSizes sizes)
    {
        if (sizes.Batch % sizes.Siblings != 0)
            throw new UsageException($"--siblings is {sizes.Siblings}, expected a divisor of --batch, which is {sizes.Batch}.");
        if (sizes.Heads % sizes.KeyValueHeads != 0)
            throw new UsageException($"--kv-heads is {sizes.KeyValueHeads}, expected a divisor of --heads, which is {sizes.Heads}.");
        if (sizes.HeadDimension % 16 != 0 || sizes.HeadDimension > 128)
            throw new UsageException($"--head-dim is {sizes.HeadDimension}, expected a multiple of 16 up to 128.");
        if (sizes.Vocabulary > SampleNucleus.MostTokens)
            throw new UsageException($"--vocabulary is {sizes.Vocabulary}, expected at most {SampleNucleus.MostTokens}.");
        if (sizes.Inputs % 8 != 0 || sizes.Outputs % 8 != 0)
            throw new UsageException($"--inputs is {sizes.Inputs} and --outputs {sizes.Outputs}, expected multiples of 8.");
    }

    private static Option<T> Named<T>(string name, T value) => new(name) { Hidden = true, DefaultValueFactory = _ => value };
}
