using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Auditing;
using PassAtK.Evaluation.Estimation.Allocation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;
using PassAtK.Evaluation.Tests.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Auditing;

/// <summary>A run written by a test, with the verdicts of one grader, and its audit.</summary>
internal sealed class AuditedRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;
    private readonly PreparedProblem[] _problems;
    private readonly List<(long Completion, int Problem, string Text)> _completions = [];

    /// <param name="golds">Of each problem.</param>
    /// <param name="prompts">Of each problem.</param>
    /// <param name="stop">Stop texts.</param>
    /// <param name="pilot">Samples of each problem that an adaptive run begins with; null for a run that is none.</param>
    public AuditedRun(
        IReadOnlyList<string> golds, IReadOnlyList<string>? prompts = null, IReadOnlyList<string>? stop = null, int? pilot = null)
    {
        _problems =
        [
            .. golds.Select((gold, i) =>
            {
                var prompt = prompts?[i] ?? $"What is {i}?";
                var problem = new Problem { Id = $"p{i}", Prompt = prompt, Gold = gold, Raw = "{}" };
                return new PreparedProblem(problem, prompt, [.. prompt.Select(letter => (int)letter)]);
            }),
        ];
        var settings = Runs.Settings() with
        {
            Stop = stop ?? [],
            TaskDigest = TaskDigest.Of(_problems.Select(problem => problem.Problem)),
            Adaptive = pilot is { } first ? new AdaptiveDesign(1, first, 0.1, 100) : null,
        };
        _store = RunStore.CreateOrOpen(_folder.File("audited.passatk"), settings, _problems);
    }

    /// <summary>Adds a sample whose every token was drawn with the probability e^-<paramref name="natsPerToken"/>.</summary>
    public void Add(
        int problem, int index, string text, int[]? tokens = null, double natsPerToken = 0.5, FinishReason finish = FinishReason.Stop)
    {
        tokens ??= [problem, index, .. text.Select(letter => (int)letter)];
        var logprobs = Enumerable.Repeat((float)-natsPerToken, tokens.Length).ToArray();
        _store.Write(() =>
        {
            var (completion, _) = _store.AddSample(problem, new Completion($"p{problem}", index, tokens, logprobs, logprobs, text, finish));
            _completions.Add((completion, problem, text));
        });
    }

    public void Grade(IGrader grader, Func<Verdict, Verdict>? changed = null) => _store.Write(() =>
    {
        foreach (var (completion, problem, text) in _completions)
        {
            var verdict = grader.Grade(_problems[problem].Problem, text);
            _store.AddVerdict(grader, completion, changed?.Invoke(verdict) ?? verdict);
        }
    });

    public AuditReport Audit(IGrader grader, int[]? endOfSequence = null, params (string, int)[] against)
    {
        using var reader = RunReader.Open(_store.Path);
        return RunAudit.Of("audited", reader, (grader.Name, grader.Version), against, endOfSequence, 3, CancellationToken.None);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }
}
