namespace PassAtK.Cli.Sessions;

/// <summary>What of a run counts in a report.</summary>
/// <param name="Grader">Whose verdicts; null for the run's own grader.</param>
internal sealed record OutcomeSelection(string? Grader = null)
{
    /// <summary>Fingerprint of the model whose scores of the samples are wanted, where there are any.</summary>
    public string? Scorer { get; init; }

    /// <summary>Use the first so many samples of each problem (of mere counts, a random choice); null for all.</summary>
    public int? First { get; init; }

    /// <summary>Told what is left out.</summary>
    public Action<string> Note { get; init; } = Terminal.Note;
}
