using System.CommandLine;

namespace PassAtK.Cli.Options;

/// <summary>What of a report is shown: `--k` in place of 1, 2, 4, ... and the largest, and `--measures`.</summary>
internal static class KOption
{
    public static Option<string?> Create() =>
        new("--k") { Description = "At which k, e.g. 1,10,100 [default: 1, 2, 4, ... and the samples of the problem with fewest]" };

    /// <summary>`--measures`: the rest of what the samples say, which would make every page long.</summary>
    public static Option<bool> Measures() =>
        new("--measures") { Description = "Also pass^k, G-Pass@k, cover, different answers, lengths, exploration by depth" };

    public static IReadOnlyList<int>? Values(ParseResult arguments, Option<string?> option) =>
        arguments.GetValue(option) is { } text ? OptionValues.Integers(text, option.Name, 1) : null;
}
