namespace PassAtK.Evaluation.Running;

/// <summary>
/// Counts graded and correct samples while verdicts arrive for completions, and samples still join the latest of them. Holds only
/// completions that are being graded.
/// </summary>
internal sealed class GradedCount(long graded, long correct)
{
    private readonly Dictionary<long, int> _samplesInGrading = [];
    private long _latest = -1;
    private bool? _latestIsCorrect;

    public long Graded { get; private set; } = graded;

    public long Correct { get; private set; } = correct;

    /// <summary>A sample with a new completion, which is being graded or left for later.</summary>
    public void Begin(long completion, bool inGrading)
    {
        (_latest, _latestIsCorrect) = (completion, null);
        if (inGrading)
            _samplesInGrading[completion] = 1;
    }

    /// <summary>Another sample with the latest completion.</summary>
    public void Join(long completion)
    {
        if (_samplesInGrading.TryGetValue(completion, out var samples))
            _samplesInGrading[completion] = samples + 1;
        else if (completion == _latest && _latestIsCorrect is { } isCorrect)
            Add(1, isCorrect);
    }

    public void End(long completion, bool isCorrect)
    {
        if (_samplesInGrading.Remove(completion, out var samples))
            Add(samples, isCorrect);
        if (completion == _latest)
            _latestIsCorrect = isCorrect;
    }

    private void Add(int samples, bool isCorrect)
    {
        Graded += samples;
        Correct += isCorrect ? samples : 0;
    }
}
