using System.Globalization;
using System.Text.RegularExpressions;

namespace PassAtK.Cuda;

/// <summary>Reads what ptxas says of each kernel when it is verbose.</summary>
internal static partial class PtxasLog
{
    /// <summary>
    /// One entry a kernel, in the log's order. Functions that were not inlined are listed under the kernel that they follow: the largest
    /// stack frame counts, and all spills.
    /// </summary>
    public static IReadOnlyList<(string Kernel, int Registers, int StackBytes, int SpillBytes)> Read(string log)
    {
        var kernels = new List<(string Kernel, int Registers, int StackBytes, int SpillBytes)>();
        foreach (var line in log.Split('\n'))
        {
            if (Entry().Match(line) is { Success: true } entry)
                kernels.Add((entry.Groups[1].Value, 0, 0, 0));
            if (kernels.Count == 0)
                continue;
            var kernel = kernels[^1];
            if (Frame().Match(line) is { Success: true } frame)
            {
                kernel.StackBytes = Math.Max(kernel.StackBytes, Number(frame, 1));
                kernel.SpillBytes += Number(frame, 2) + Number(frame, 3);
            }
            if (Registers().Match(line) is { Success: true } registers)
                kernel.Registers = Number(registers, 1);
            kernels[^1] = kernel;
        }
        return kernels;
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("Compiling entry function '([^']+)'")]
    private static partial Regex Entry();

    [GeneratedRegex(@"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")]
    private static partial Regex Frame();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();
}
