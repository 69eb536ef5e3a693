using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Scheduling;

/// <summary>How the engine works; nothing here changes a sample, but for <see cref="IgnoreEndOfSequence"/>.</summary>
public sealed record EngineOptions
{
    /// <summary>Whether samples that drew the same tokens share one branch.</summary>
    public bool Share { get; init; } = true;

    /// <summary>Most rows in a step; null means as many as the backend takes.</summary>
    public int? MaxRows { get; init; }

    /// <summary>Generates to the token limit whatever is drawn: for measuring throughput.</summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>Told where steps spend their time; null for nothing.</summary>
    public Tracer? Tracer { get; init; }
}
