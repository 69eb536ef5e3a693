namespace PassAtK.Evaluation.Tasks;

/// <summary>One problem of a task: what the model is asked and what a grader needs to judge the answer.</summary>
public sealed record Problem
{
    /// <summary>Unique within the task; selects the random streams.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The question as the file states it, without instructions; with <see cref="Messages"/> given, the last user message.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>The whole chat where the file gives one; null where the task words it.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>The reference in the form that the task's grader reads: an answer's text, or a small JSON document.</summary>
    public required string Gold { get; init; }

    /// <summary>Probability in [0, 1] that a blind guess is correct, where the file tells it.</summary>
    public double? Chance { get; init; }

    /// <summary>The JSON object that the problem came from, for graders that need more of its fields.</summary>
    public required string Raw { get; init; }
}
