using System.Text.Json;
using PassAtK.Engine;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Checks a trace of steps `a+b=c,...`. Each step takes two different numbers out of the pool (at first the problem's) and puts its
/// result in; differences are at least 0, quotients whole. It is correct when every step is, one number is left and that is the target.
/// </summary>
public sealed class CountdownGrader : IGrader
{
    public string Name => "countdown";

    public int Version => 1;

    public AnswerKind Answers => AnswerKind.Way;

    public Verdict Grade(Problem problem, string completion)
    {
        var (pool, target) = ReadGold(problem);
        var trace = completion.AsSpan().Trim();
        // A step has at most three numbers of ten digits and two signs; a longer text has too many.
        if (trace.Length > 64 * CountdownTask.MostNumbers)
            return new Verdict(false, null, "the text is longer than any trace");

        var number = 0;
        foreach (var range in trace.Split(','))
        {
            number++;
            if (pool.Count == 1)
                return new Verdict(false, null, $"step {number}: only one number is left");
            if (Apply(trace[range], pool) is { } fault)
                return new Verdict(false, null, $"step {number}: {fault}");
        }
        if (pool.Count > 1)
            return new Verdict(false, null, $"{pool.Count} numbers are left");
        return pool[0] == target
            ? new Verdict(true, trace.ToString())
            : new Verdict(false, trace.ToString(), $"the last result is {pool[0]}, not {target}");
    }

    /// <summary>Does one step on the pool; tells what is wrong with it, or null.</summary>
    private static string? Apply(ReadOnlySpan<char> step, List<int> pool)
    {
        var sign = step.IndexOfAny("+-*/");
        var equals = step.IndexOf('=');
        if (sign < 0 || equals < sign
            || !TryRead(step[..sign], out var left) || !TryRead(step[(sign + 1)..equals], out var right)
            || !TryRead(step[(equals + 1)..], out var stated))
        {
            return "it does not read a+b=c";
        }
        if (Calculate(left, step[sign], right) is not { } result)
            return $"{left}{step[sign]}{right} is no whole number of at least 0";
        if (result != stated)
            return $"{left}{step[sign]}{right} is {result}, not {stated}";
        if (!pool.Remove(left))
            return $"{left} is not there to use";
        if (!pool.Remove(right))
            return $"{right} is not there to use";
        pool.Add(stated);
        return null;
    }

    /// <summary>The result, wide enough for any two operands; null where there is none.</summary>
    private static long? Calculate(long left, char sign, long right) => sign switch
    {
        '+' => left + right,
        '-' => left >= right ? left - right : null,
        '*' => left * right,
        _ => right != 0 && left % right == 0 ? left / right : null,
    };

    /// <summary>ASCII digits alone, as many as make an <see cref="int"/>.</summary>
    private static bool TryRead(ReadOnlySpan<char> digits, out int value)
    {
        long read = 0;
        value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            read = (10 * read) + (digit - '0');
            if (read > int.MaxValue)
                return false;
        }
        value = (int)read;
        return digits.Length > 0;
    }

    private static (List<int> Numbers, int Target) ReadGold(Problem problem)
    {
        try
        {
            using var gold = JsonDocument.Parse(problem.Gold);
            List<int> numbers = [.. gold.RootElement.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt32())];
            return (numbers, gold.RootElement.GetProperty("target").GetInt32());
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InputException(
                $"problem '{problem.Id}': the gold answer is not one of countdown, expected {{\"numbers\":[...],\"target\":...}}.", cause);
        }
    }
}
