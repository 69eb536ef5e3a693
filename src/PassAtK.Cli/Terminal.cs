using System.Text;

namespace PassAtK.Cli;

/// <summary>Results go to standard output, everything else to standard error.</summary>
internal static class Terminal
{
    private static TextWriter? _out;

    /// <summary>Standard output as UTF-8 without a byte order mark and with `\n` line ends, on any machine.</summary>
    public static TextWriter Out => _out ??= new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16)
    {
        AutoFlush = false,
        NewLine = "\n",
    };

    /// <summary>Raw standard output, for JSON written as UTF-8; call <see cref="Flush"/> before mixing it with <see cref="Out"/>.</summary>
    public static Stream OpenOut() => Console.OpenStandardOutput();

    public static void Flush() => _out?.Flush();

    /// <summary>Whether standard output may hold colours: a terminal, and NO_COLOR (no-color.org) is not set.</summary>
    public static bool OutHasColour => !Console.IsOutputRedirected && !NoColour;

    public static bool NoColour => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    public static void Error(string message) => Console.Error.WriteLine($"passatk: {message}");

    public static void Note(string message) => Console.Error.WriteLine(message);

    /// <summary>EPIPE: whoever read our output has closed it.</summary>
    public static bool IsBrokenPipe(IOException error) => (error.HResult & 0xFFFF) == 32 || error.HResult == 32;
}
