namespace PassAtK.Evaluation.Grading.Code;

/// <summary>Why a sample's time ended.</summary>
internal enum TimeOut
{
    None,

    /// <summary>It used up its time: that is its own fault.</summary>
    Spent,

    /// <summary>The machine ran others for so long that nothing can be said.</summary>
    Starved,
}

/// <summary>
/// The time of one sample. What counts is the clock on the wall less the time that its processes stood ready and were not run, so that the
/// verdict does not depend on what else the machine does.
/// </summary>
/// <param name="limits">The time there is.</param>
/// <param name="measure">Asked when that much time has gone by the clock on the wall: the program's times, with the tests' waiting added; null where it
/// has ended, so that a verdict is about to come.</param>
/// <param name="kill">Ends the sample.</param>
internal sealed class SampleClock(CodeLimits limits, Func<ProcessTimes?> measure, Action kill)
{
    private readonly Lock _ticking = new();
    private TimeSpan _elapsed;
    private TimeSpan _wall;
    private bool _stopped;

    /// <summary>Why the sample was ended, if it was; ask after <see cref="Stop"/>.</summary>
    public TimeOut Result { get; private set; }

    /// <summary>Processor time and wall time when it ended, for the message about a starved machine.</summary>
    public (TimeSpan Processor, TimeSpan Wall) Spent { get; private set; }

    /// <summary>After this the clock kills nothing any more.</summary>
    public void Stop()
    {
        lock (_ticking)
            _stopped = true;
    }

    /// <summary>Called by the watching thread.</summary>
    public void Tick(TimeSpan sinceLast)
    {
        lock (_ticking)
        {
            if (!_stopped)
                Advance(sinceLast);
        }
    }

    private void Advance(TimeSpan sinceLast)
    {
        _wall += sinceLast;
        // Where the machine stood still between two looks, that alone must not use up the time.
        var longest = limits.Time / 2;
        _elapsed += sinceLast < longest ? sinceLast : longest;
        if (_elapsed < limits.Time)
            return;
        var times = measure();
        if (times is { } own && (own.Processor >= limits.Time || _elapsed - own.Waiting >= limits.Time))
            End(TimeOut.Spent, own);
        else if (_elapsed >= limits.Time * limits.MostStretch)
            End(TimeOut.Starved, times ?? default);
    }

    private void End(TimeOut result, ProcessTimes times)
    {
        Spent = (times.Processor, _wall);
        (Result, _stopped) = (result, true);
        kill();
    }
}
