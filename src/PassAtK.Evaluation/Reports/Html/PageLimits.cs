namespace PassAtK.Evaluation.Reports.Html;

/// <summary>How large a page may become: with the defaults under 20 MB for 500 problems, whatever their samples are.</summary>
public sealed record PageLimits
{
    private const int FewestPromptCharacters = 200;
    private const int MostPromptCharacters = 8_000;

    public static PageLimits Default { get; } = new();

    /// <summary>For samples of all problems and runs.</summary>
    public long SampleBytes { get; init; } = 12_000_000;

    /// <summary>For questions, references and rendered prompts of all problems.</summary>
    public int PromptBytes { get; init; } = 4_000_000;

    internal int PromptCharacters(int problems) =>
        Math.Clamp(PromptBytes / Math.Max(1, 4 * problems), FewestPromptCharacters, MostPromptCharacters);
}
