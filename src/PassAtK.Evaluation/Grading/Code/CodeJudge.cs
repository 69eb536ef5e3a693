using System.Globalization;
using System.Text.Json;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>The machine did not let a sample run: there is no verdict.</summary>
internal sealed class StarvedException(string message) : Exception(message);

/// <summary>The tests need what cannot cross between the sandboxes: no completion can be judged by them.</summary>
internal sealed class UnsupportedTestsException(string message) : Exception(message);

/// <summary>
/// Judges one sample at a time. The tests run in one sandbox, the program in another that is made for it alone, and this class carries
/// calls and results between them. The program's frames reach nothing but the tester's decoder of values, so no frame of its can be
/// a verdict; and it never sees what a result is compared with.
/// </summary>
internal sealed class CodeJudge(SandboxStarter starter, SampleWatch watch) : IDisposable
{
    private Sandbox? _tester;
    private StartingSandbox? _next;

    /// <exception cref="SandboxException">A sandbox could not be set up.</exception>
    /// <exception cref="StarvedException">The machine did not let the sample run.</exception>
    /// <exception cref="UnsupportedTestsException">The tests cannot be run.</exception>
    public Verdict Judge(CodeGold gold, ExtractedProgram extracted)
    {
        _tester ??= starter.StartTester().Take();
        using var program = Program();
        var outOfMemory = OutOfMemoryKills();
        var tester = _tester;
        var clock = new SampleClock(starter.Limits, () => Times(program, tester), () =>
        {
            program.Kill();
            tester.Kill();
        });
        watch.Start(clock);
        Finding finding;
        try
        {
            finding = Carry(tester, program, Job(gold, extracted));
        }
        finally
        {
            watch.Stop(clock);
        }
        if (clock.Result != TimeOut.None || finding.Frame is null)
            Discard();
        if (clock.Result == TimeOut.Spent)
            return new Verdict(false, extracted.Answer, string.Create(CultureInfo.InvariantCulture, $"timed out: it took more than {starter.Limits.Time.TotalSeconds:0.#} s"));
        if (clock.Result == TimeOut.Starved)
            throw new StarvedException(string.Create(
                CultureInfo.InvariantCulture,
                $"a program had {clock.Spent.Processor.TotalSeconds:0.0} s of processor time in {clock.Spent.Wall.TotalSeconds:0} s"));
        if (finding.TesterGone)
            throw new SandboxException("the sandbox of the tests ended");
        if ((finding.Frame is null || finding.ProgramEnded) && OutOfMemoryKills() != outOfMemory)
            throw new StarvedException("the system ran out of memory and killed processes");
        return finding.Frame is null
            ? new Verdict(false, extracted.Answer, "the tests used up their time or memory on a result")
            : Read(finding.Frame, extracted.Answer);
    }

    public void Dispose()
    {
        Discard();
        _next?.Dispose();
    }

    /// <summary>The sandbox that started while the sample before was judged.</summary>
    private Sandbox Program()
    {
        var starting = _next ?? starter.StartProgram();
        _next = null;
        var program = starting.Take();
        _next = starter.StartProgram();
        return program;
    }

    private void Discard()
    {
        _tester?.Dispose();
        _tester = null;
    }

    /// <summary>Carries frames until the tester has ended with the problem.</summary>
    private Finding Carry(Sandbox tester, Sandbox program, byte[] job)
    {
        tester.Send(job);
        byte[]? verdict = null;
        var ended = false;
        for (var calls = 0; tester.Receive() is [var kind, .. var content];)
        {
            switch ((char)kind)
            {
                case 'C':
                    var reply = !ended && calls++ < starter.Limits.Calls && program.Send(content) ? program.Receive() : null;
                    ended = reply is null;
                    tester.Send(reply ?? [.. "ended"u8]);
                    break;
                case 'V':
                    verdict = content;
                    break;
                default:
                    return new Finding(verdict, ended, TesterGone: false);
            }
        }
        return new Finding(null, ended, TesterGone: true);
    }

    private static ProcessTimes Times(Sandbox program, Sandbox tester)
    {
        var times = ProcessTimes.Of(program.ProcessId);
        foreach (var child in ProcessTimes.ChildrenOf(tester.ProcessId))
            times = times with { Waiting = times.Waiting + ProcessTimes.Of(child).Waiting };
        return times;
    }

    private static Verdict Read(byte[] frame, string answer)
    {
        using var document = JsonDocument.Parse(frame);
        var fields = document.RootElement;
        if (fields.TryGetProperty("unsupported", out var why))
            throw new UnsupportedTestsException(why.GetString()!);
        var detail = fields.TryGetProperty("detail", out var text) ? text.GetString() : null;
        return new Verdict(fields.TryGetProperty("correct", out _), answer, detail);
    }

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

    /// <param name="Frame">The tester's verdict; null where the process of the tests died first.</param>
    /// <param name="ProgramEnded">The program's process ended before the tests did.</param>
    /// <param name="TesterGone">Not one problem's process, but the tester itself ended.</param>
    private readonly record struct Finding(byte[]? Frame, bool ProgramEnded, bool TesterGone);
}
