using PassAtK.Engine;

namespace PassAtK.Cli.Sessions;

/// <summary>
/// The runs of a comparison, held open. They are read side by side, which changes nothing that is said: notes and errors come in the order
/// of the runs.
/// </summary>
internal sealed class OpenedRuns : IDisposable
{
    private OpenedRuns(IReadOnlyList<OpenedRun> all) => All = all;

    public IReadOnlyList<OpenedRun> All { get; }

    /// <param name="paths">Run stores or files of counts; under the model of the first the others' samples may be scored.</param>
    /// <param name="grader">Whose verdicts count; null for each run's own grader.</param>
    /// <param name="names">What the runs are called; null for their files' names, made distinct.</param>
    /// <exception cref="InputException">A file is neither, or nothing in it is graded.</exception>
    public static OpenedRuns Of(IReadOnlyList<string> paths, string? grader, IReadOnlyList<string>? names = null)
    {
        names ??= RunNames.Distinct(paths);
        var scorer = RunFiles.ModelOf(paths[0]);
        List<string>[] notes = [.. paths.Select(_ => new List<string>())];
        Task<OpenedRun>[] readings = [.. paths.Select((path, run) => Task.Run(() => new OpenedRun(
            path, new(grader) { Scorer = run == 0 ? null : scorer, Note = notes[run].Add }).Named(names[run])))];
        try
        {
            return new OpenedRuns(Task.WhenAll(readings).GetAwaiter().GetResult());
        }
        catch
        {
            foreach (var opened in readings.Where(reading => reading.IsCompletedSuccessfully))
                opened.Result.Dispose();
            throw;
        }
        finally
        {
            Tell(readings, notes);
        }
    }

    public void Dispose()
    {
        foreach (var run in All)
            run.Dispose();
    }

    /// <summary>What was noted up to the first run that could not be read, whose error follows.</summary>
    private static void Tell(Task<OpenedRun>[] readings, List<string>[] notes)
    {
        for (var run = 0; run < readings.Length; run++)
        {
            foreach (var note in notes[run])
                Terminal.Note(note);
            if (!readings[run].IsCompletedSuccessfully)
                return;
        }
    }
}
