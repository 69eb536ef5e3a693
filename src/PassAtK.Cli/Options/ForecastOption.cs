using System.CommandLine;

namespace PassAtK.Cli.Options;

/// <summary>Up to which k a report goes beyond its samples.</summary>
internal static class ForecastOption
{
    public static Option<int?> Create() => new("--forecast")
    {
        Description = "Extrapolate pass@k up to this k, by models of how p is spread over problems, at most 64 times the samples",
        HelpName = "K",
    };
}
