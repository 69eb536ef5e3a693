using System.Collections.Concurrent;
using PassAtK.Engine;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// Problems whose answer is a Python program: runs it in a sandbox against the problem's tests. Grades on as many threads as it is called
/// from. A verdict that the machine, not the program, would have decided is never given.
/// </summary>
public sealed class CodeGrader : IGrader
{
    private readonly ConcurrentBag<CodeJudge> _idle = [];
    private readonly Lazy<SandboxStarter> _starter;
    private readonly Func<Sandbox, ProcessTimes?> _times;
    private readonly Lazy<SampleWatch> _watch = new(() => new SampleWatch());

    public CodeGrader()
        : this(CodeLimits.Default)
    {
    }

    /// <param name="limits">What a program may use.</param>
    /// <param name="searchPath">Where bubblewrap is looked for; by default as programs are.</param>
    /// <param name="times">What a sample has used so far; by default as the kernel counts it.</param>
    internal CodeGrader(CodeLimits limits, string? searchPath = null, Func<Sandbox, ProcessTimes?>? times = null)
    {
        _starter = new Lazy<SandboxStarter>(
            () => new SandboxStarter(limits, searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin"));
        _times = times ?? (sandbox => sandbox.Times());
    }

    public string Name => "code";

    public int Version => 3;

    public AnswerKind Answers => AnswerKind.Program;

    /// <summary>Checks the gold, and that sandboxes can be set up here.</summary>
    /// <exception cref="InputException">The gold is none, or sandboxes cannot be set up.</exception>
    public void Check(Problem problem)
    {
        CodeGold.Of(problem);
        if (!_idle.IsEmpty)
            return;
        var judge = NewJudge();
        try
        {
            judge.Prepare();
        }
        catch (SandboxException cause)
        {
            throw NoSandbox(cause);
        }
        _idle.Add(judge);
    }

    /// <exception cref="InputException">The gold or the tests are bad, sandboxes cannot be set up, or the machine is too busy.</exception>
    public Verdict Grade(Problem problem, string completion)
    {
        var gold = CodeGold.Of(problem);
        var extracted = CodeExtraction.Extract(gold, completion);
        for (var attempt = 1; ; attempt++)
        {
            if (!_idle.TryTake(out var judge))
                judge = NewJudge();
            try
            {
                var verdict = judge.Judge(gold, extracted);
                return verdict with { Detail = Shown(verdict.Detail) };
            }
            catch (UnsupportedTestsException cause)
            {
                throw new InputException($"problem '{problem.Id}': its tests cannot be run: {cause.Message}.", cause);
            }
            catch (Exception cause) when (cause is SandboxException or StarvedException)
            {
                if (attempt == _starter.Value.Limits.Attempts)
                    throw cause is SandboxException none ? NoSandbox(none) : TooBusy(problem, attempt, cause);
                Thread.Sleep(TimeSpan.FromMilliseconds(200 * attempt));
            }
            finally
            {
                _idle.Add(judge);
            }
        }
    }

    public void Dispose()
    {
        foreach (var judge in _idle)
            judge.Dispose();
        if (_watch.IsValueCreated)
            _watch.Value.Dispose();
        if (_starter.IsValueCreated)
            _starter.Value.Dispose();
    }

    private CodeJudge NewJudge() => new(_starter.Value, _watch.Value, _times);

    private static InputException NoSandbox(SandboxException cause) => new(
        $"code grading: the sandbox cannot be set up here ({cause.Message}), expected a system that lets bubblewrap make user namespaces, "
        + "and its programs within them.", cause);

    private static InputException TooBusy(Problem problem, int attempts, Exception cause) => new(
        $"problem '{problem.Id}': the machine is too busy to judge programs: {cause.Message}, {attempts} times over. Every sample is kept, "
        + "and this one has no verdict; run `passatk grade` when the machine has time.", cause);

    /// <summary>One line of printable text, not too long for a table.</summary>
    private static string? Shown(string? detail)
    {
        const int Most = 200;
        if (detail is null)
            return null;
        var line = string.Concat(detail.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= Most ? line : line[..(Most - 3)] + "...";
    }
}
