namespace PassAtK.Engine.ChatTemplates;

/// <summary>What a template can read beside the messages. What is null here is None or undefined there, as transformers has it.</summary>
public sealed record ChatTemplateContext
{
    /// <summary>`tools`: a list of function schemas; null is None.</summary>
    public TemplateValue? Tools { get; init; }

    /// <summary>`documents`: a list of dicts for retrieval-augmented prompts; null is None.</summary>
    public TemplateValue? Documents { get; init; }

    /// <summary>`bos_token`; null is undefined, which prints nothing.</summary>
    public string? BosToken { get; init; }

    /// <summary>`eos_token`; null is undefined.</summary>
    public string? EosToken { get; init; }

    /// <summary>Any further variables (`enable_thinking`, `pad_token`, ...); they replace the ones above.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Variables { get; init; } = new Dictionary<string, TemplateValue>();

    /// <summary>
    /// The time that `strftime_now` shows. Null leaves the function undefined: templates then fall back to their own fixed date, and
    /// the same conversation renders the same on every day.
    /// </summary>
    public DateTimeOffset? Now { get; init; }
}
