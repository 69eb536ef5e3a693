using System.CommandLine;

namespace PassAtK.Cli.Options;

/// <summary>An older document of `passatk bench --json` and what to make of differences.</summary>
internal sealed record BaselineSettings(string Path, double Tolerance, bool FailsOnRegression);

/// <summary>The options of `passatk bench` that hold a measurement to an older one.</summary>
internal sealed class BaselineOptions
{
    private readonly Option<string?> _compare = new("--compare") { Description = "An older --json document: marks what became slower beyond noise" };

    private readonly Option<double> _tolerance = new("--tolerance")
    {
        Description = "Relative difference of medians that counts as noise of --compare",
        DefaultValueFactory = _ => 0.03,
    };

    private readonly Option<bool> _fail = new("--fail-on-regression") { Description = "End with exit code 1 where something became slower" };

    public void AddTo(Command command)
    {
        command.Options.Add(_compare);
        command.Options.Add(_tolerance);
        command.Options.Add(_fail);
    }

    /// <summary>Null without --compare.</summary>
    /// <exception cref="UsageException">The tolerance is negative.</exception>
    /// <exception cref="UsageException">--fail-on-regression stands alone.</exception>
    public BaselineSettings? Read(ParseResult arguments)
    {
        var tolerance = arguments.GetValue(_tolerance);
        if (!(tolerance >= 0))
            throw new UsageException($"--tolerance is {tolerance}, expected 0 or more.");
        if (arguments.GetValue(_compare) is { } path)
            return new BaselineSettings(path, tolerance, arguments.GetValue(_fail));
        return arguments.GetValue(_fail)
            ? throw new UsageException("--fail-on-regression is given without --compare, expected both or none.")
            : null;
    }
}
