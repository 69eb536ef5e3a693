using System.Globalization;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>What the kernel has counted for a process (proc(5): stat, and schedstat of each thread).</summary>
/// <param name="Processor">Processor time of all its threads, ended ones too.</param>
/// <param name="Waiting">The longest that one of its live threads was ready to run while the machine ran others.</param>
internal readonly record struct ProcessTimes(TimeSpan Processor, TimeSpan Waiting)
{
    /// <summary>USER_HZ, 100 on every Linux with these processors.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Null where the process is gone.</summary>
    public static ProcessTimes? Of(int process)
    {
        try
        {
            // The second field is the program's name in parentheses, which may hold anything.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            var waiting = Directory.EnumerateDirectories($"/proc/{process}/task").Max(WaitingNanoseconds);
            return new ProcessTimes(TimeSpan.FromSeconds(ticks / TicksPerSecond), TimeSpan.FromMicroseconds(waiting / 1000));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The processes that a process made and that live.</summary>
    public static int[] ChildrenOf(int process)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long WaitingNanoseconds(string thread)
    {
        try
        {
            return long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
