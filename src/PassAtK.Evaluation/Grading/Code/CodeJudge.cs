using System.Globalization;
using System.Text.Json;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>The machine did not let a sample run: there is no verdict.</summary>
internal sealed class StarvedException(string message) : Exception(message);

/// <summary>The tests need what cannot cross between the sandboxes: no completion can be judged by them.</summary>
internal sealed class UnsupportedTestsException(string message) : Exception(message);

/// <summary>
/// Judges one sample at a time. The tests run in a sandbox and the program in another within it that is made for it alone; calls and
/// results go between them. The program's frames reach nothing but the tests' decoder of values, so no frame of its can be a verdict; and
/// it never sees what a result is compared with.
/// </summary>
/// <param name="starter">Starts the sandbox.</param>
/// <param name="watch">Winds the clock of the sample.</param>
/// <param name="times">What a sample has used so far.</param>
internal sealed class CodeJudge(SandboxStarter starter, SampleWatch watch, Func<Sandbox, ProcessTimes?> times) : IDisposable
{
    private Sandbox? _sandbox;

    /// <summary>Sets up what the next sample needs.</summary>
    /// <exception cref="SandboxException">A sandbox could not be set up.</exception>
    public void Prepare()
    {
        try
        {
            _sandbox ??= starter.Start();
            _sandbox.AwaitReady();
        }
        catch (SandboxException)
        {
            Discard();
            throw;
        }
    }

    /// <exception cref="SandboxException">A sandbox could not be set up.</exception>
    /// <exception cref="StarvedException">The machine did not let the sample run.</exception>
    /// <exception cref="UnsupportedTestsException">The tests cannot be run.</exception>
    public Verdict Judge(CodeGold gold, ExtractedProgram extracted)
    {
        Prepare();
        var sandbox = _sandbox!;
        var outOfMemory = OutOfMemoryKills();
        var clock = new SampleClock(starter.Limits, () => times(sandbox), sandbox.Kill);
        sandbox.Begin(Job(gold, extracted));
        // Not before: how long this thread waits for a processor is not the program's time.
        watch.Start(clock);
        byte[]? found = null;
        SandboxException? gone = null;
        try
        {
            found = sandbox.AwaitVerdict();
        }
        catch (SandboxException cause)
        {
            gone = cause;
        }
        finally
        {
            watch.Stop(clock);
        }
        if (found is null || clock.Result != TimeOut.None)
            Discard();
        if (clock.Result == TimeOut.Spent)
            return new Verdict(false, extracted.Answer, Text($"timed out: it took more than {starter.Limits.Time.TotalSeconds:0.#} s"));
        var (processor, wall) = (clock.Spent.Processor.TotalSeconds, clock.Spent.Wall.TotalSeconds);
        if (clock.Result == TimeOut.Starved)
            throw new StarvedException(Text($"a program had {processor:0.0} s of processor time in {wall:0} s"));
        var finding = Finding.Parse(found);
        if (finding.ProgramEnded && OutOfMemoryKills() != outOfMemory)
            throw new StarvedException("the system ran out of memory and killed processes");
        if (gone is not null)
            throw gone;
        if (finding.Unsupported is { } why)
            throw new UnsupportedTestsException(why);
        return new Verdict(finding.Correct, extracted.Answer, finding.Detail);
    }

    public void Dispose() => Discard();

    private void Discard()
    {
        _sandbox?.Dispose();
        _sandbox = null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static byte[] Job(CodeGold gold, ExtractedProgram extracted)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("preamble", extracted.Preamble);
            json.WriteString("program", extracted.Program);
            json.WriteString("prompt", gold.Prompt);
            json.WriteString("setup", gold.Setup);
            json.WriteString("test", gold.Test);
            json.WriteString("entryPoint", gold.EntryPoint);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>Processes that the kernel has killed for want of memory since it started.</summary>
    private static string? OutOfMemoryKills()
    {
        try
        {
            return File.ReadLines("/proc/vmstat").FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the tests found.</summary>
    /// <param name="Correct">The program passed.</param>
    /// <param name="Detail">Why it did not.</param>
    /// <param name="Unsupported">Why no program can be judged by these tests.</param>
    /// <param name="ProgramEnded">Its process, or that of the tests, ended before they did.</param>
    private readonly record struct Finding(bool Correct, string? Detail, string? Unsupported, bool ProgramEnded)
    {
        public static Finding Parse(byte[]? frame)
        {
            if (frame is null)
                return new Finding(false, "the tests used up their time or memory on a result", null, ProgramEnded: true);
            using var document = JsonDocument.Parse(frame);
            var fields = document.RootElement;
            return new Finding(
                fields.TryGetProperty("correct", out _), Text(fields, "detail"), Text(fields, "unsupported"),
                fields.GetProperty("ended").GetBoolean());
        }

        private static string? Text(JsonElement fields, string name) =>
            fields.TryGetProperty(name, out var text) ? text.GetString() : null;
    }
}
