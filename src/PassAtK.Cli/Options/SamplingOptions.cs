using System.CommandLine;
using PassAtK.Engine.Sampling;

namespace PassAtK.Cli.Options;

/// <summary>What decides a sample besides model and prompt.</summary>
internal sealed record SamplingSettings(SamplingParameters Parameters, int? MaxTokens, ulong Seed, IReadOnlyList<string> Stop);

/// <summary>The sampling options of a command; their defaults are those of arXiv 2504.13837.</summary>
internal sealed class SamplingOptions
{
    private static readonly SamplingParameters Defaults = new();

    private readonly Option<float> _temperature = new("--temperature")
    {
        Description = "Softmax temperature; 0 takes the most likely token",
        DefaultValueFactory = _ => Defaults.Temperature,
    };

    private readonly Option<float> _topP = new("--top-p")
    {
        Description = "Mass of the nucleus; 1 switches it off",
        DefaultValueFactory = _ => Defaults.TopP,
    };

    private readonly Option<int> _topK = new("--top-k") { Description = "Most tokens to choose from; 0 switches it off" };

    private readonly Option<float> _minP = new("--min-p") { Description = "Least probability relative to the likeliest; 0 switches it off" };

    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "Most tokens per sample [default: the task's]" };

    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of all random streams" };

    private readonly Option<string[]> _stop = new("--stop") { Description = "Text that ends a sample; may be given more than once" };

    public void AddTo(Command command)
    {
        command.Options.Add(_temperature);
        command.Options.Add(_topP);
        command.Options.Add(_topK);
        command.Options.Add(_minP);
        command.Options.Add(_maxTokens);
        command.Options.Add(_seed);
        command.Options.Add(_stop);
    }

    /// <exception cref="UsageException">A value is outside its range.</exception>
    public static SamplingParameters Valid(SamplingParameters parameters) => OptionValues.Checked(() =>
    {
        parameters.Validate();
        return parameters;
    });

    private string[] Stop(ParseResult arguments)
    {
        var texts = arguments.GetValue(_stop) ?? [];
        return texts.Contains("") ? throw new UsageException("--stop is empty, expected at least one character.") : texts;
    }

    /// <exception cref="UsageException">A value is outside its range.</exception>
    public SamplingSettings Read(ParseResult arguments)
    {
        var parameters = new SamplingParameters
        {
            Temperature = arguments.GetValue(_temperature),
            TopP = arguments.GetValue(_topP),
            TopK = arguments.GetValue(_topK),
            MinP = arguments.GetValue(_minP),
        };
        return new SamplingSettings(
            Valid(parameters), OptionValues.AtLeastOne(arguments, _maxTokens), arguments.GetValue(_seed), Stop(arguments));
    }
}
