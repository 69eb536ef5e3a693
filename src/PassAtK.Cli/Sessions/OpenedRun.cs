using PassAtK.Engine;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>
/// What `report` and `compare` take, held open: a run, also one that is going on, of which everything is read as of one moment; or a file
/// of counts, which is read at once.
/// </summary>
internal sealed class OpenedRun : IDisposable
{
    private readonly RunReader? _reader;
    private readonly IDisposable? _snapshot;

    /// <param name="path">A run store or a file of counts.</param>
    /// <param name="selection">What of it counts.</param>
    /// <exception cref="InputException">The file is neither, or nothing in it is graded.</exception>
    public OpenedRun(string path, OutcomeSelection selection)
    {
        path = RunPath.Existing(path);
        if (!File.Exists(path) || !RunFiles.IsRun(path))
        {
            Run = new ReportedRun(RunFiles.ReadOutcome(path, selection)) { Path = path };
            return;
        }
        _reader = RunReader.Open(path);
        try
        {
            _snapshot = _reader.Snapshot();
            Run = Describe(_reader, selection);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ReportedRun Run { get; private set; }

    public RunOutcome Outcome => Run.Outcome;

    public PageRun Page => new(Run, _reader);

    /// <summary>The same under another name.</summary>
    public OpenedRun Named(string name)
    {
        Run = Run with { Outcome = Run.Outcome with { Name = name } };
        return this;
    }

    public void Dispose()
    {
        _snapshot?.Dispose();
        _reader?.Dispose();
    }

    private static ReportedRun Describe(RunReader reader, OutcomeSelection selection)
    {
        var settings = reader.Settings();
        var start = settings.FirstCounted;
        return new ReportedRun(StoredOutcome.Read(reader, selection))
        {
            Path = reader.Path,
            Settings = settings,
            Grader = RunFiles.GraderOf(reader, selection.Grader),
            Sharing = reader.Statistics(),
            FirstIndex = start,
            EndIndex = selection.First is { } first ? (int)Math.Min((long)start + first, int.MaxValue) : int.MaxValue,
        };
    }
}
