using System.CommandLine;
using System.Globalization;
using PassAtK.Engine;

namespace PassAtK.Cli.Options;

/// <summary>Checks and conversions of option values; each refusal is a <see cref="UsageException"/> that names its option.</summary>
internal static class OptionValues
{
    public static int? AtLeastOne(ParseResult arguments, Option<int?> option) => arguments.GetValue(option) is { } value
        ? value >= 1 ? value : throw new UsageException($"{option.Name} is {value}, expected at least 1.")
        : null;

    public static int AtLeastOne(ParseResult arguments, Option<int> option) => arguments.GetValue(option) is var value && value >= 1
        ? value
        : throw new UsageException($"{option.Name} is {value}, expected at least 1.");

    /// <summary>What a library refuses of values that stand on the command line is wrong usage.</summary>
    public static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputException refused)
        {
            throw new UsageException(refused.Message);
        }
    }

    /// <summary>`512MB`, `2GB`, `1.5GiB` or a plain number of bytes; units are powers of 1,024.</summary>
    public static long Bytes(string text, string option)
    {
        (string Suffix, long Unit)[] units = [("GIB", 1L << 30), ("MIB", 1L << 20), ("GB", 1L << 30), ("MB", 1L << 20), ("", 1)];
        var upper = text.Trim().ToUpperInvariant();
        var (suffix, unit) = units.First(candidate => upper.EndsWith(candidate.Suffix, StringComparison.Ordinal));
        var number = upper[..^suffix.Length];
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value * unit < 1 || value * unit > 1e15)
            throw new UsageException($"{option} is '{text}', expected a size such as 512MB or 2GB.");
        return (long)(value * unit);
    }

    /// <summary>Comma-separated whole numbers.</summary>
    public static int[] Integers(string text, string option, int least)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var values = new int[parts.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            if (!int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out values[index]) || values[index] < least)
                throw new UsageException(
                    $"{option} holds '{parts[index]}', expected whole numbers of at least {least}, separated by commas.");
        }
        return values;
    }
}
