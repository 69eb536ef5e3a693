using System.CommandLine;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Cli.Options;

/// <summary>The options of a run that spends its samples where they narrow pass@K most.</summary>
internal sealed class AdaptiveOptions
{
    private const int SmallestPilot = 16;

    private readonly Option<bool> _adaptive = new("--adaptive")
    {
        Description = "Spend samples where they narrow pass@K most; --samples is then the most of a problem, its pilot included",
    };

    private readonly Option<double?> _width = new("--target-width")
    {
        Description = "With --adaptive: how wide the 95% interval of pass@K over these very problems may be (sampling noise alone), "
            + "as a fraction: 0.02 is 2 points",
        HelpName = "W",
    };

    private readonly Option<int?> _k = new("--at") { Description = "With --adaptive: K [default: 1]", HelpName = "K" };

    private readonly Option<int?> _pilot = new("--pilot")
    {
        Description = "With --adaptive: samples of each problem that decide; they are part of --samples but not counted [default: 16, or K / 2 if that is more]",
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        Option[] options = [_adaptive, _width, _k, _pilot];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <returns>Null without --adaptive.</returns>
    /// <exception cref="UsageException">One of the options lacks another, or a value is outside its range.</exception>
    public AdaptiveDesign? Read(ParseResult arguments, int mostSamples)
    {
        if (!arguments.GetValue(_adaptive))
        {
            Option[] needless = [_width, _k, _pilot];
            return needless.FirstOrDefault(option => arguments.GetResult(option) is not null) is { } lost
                ? throw new UsageException($"{lost.Name} is given without --adaptive: give both or neither.")
                : null;
        }
        var width = arguments.GetValue(_width)
            ?? throw new UsageException("--adaptive needs --target-width, the width that the 95% interval of pass@K may have.");
        var k = OptionValues.AtLeastOne(arguments, _k) ?? 1;
        var pilot = OptionValues.AtLeastOne(arguments, _pilot) ?? Math.Max(SmallestPilot, k / 2);
        return OptionValues.Checked(() =>
        {
            var design = new AdaptiveDesign(k, pilot, width, mostSamples);
            design.Validate();
            return design;
        });
    }
}
