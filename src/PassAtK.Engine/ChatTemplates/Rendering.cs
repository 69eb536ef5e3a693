namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// One rendering under way: where it stands, for messages, and what it has left. Work, string length, nesting and list length are
/// bounded, so that no template hangs, fills the memory or overflows the stack; each bound is far above what a chat template needs.
/// </summary>
internal sealed class Rendering(string name, DateTimeOffset? now)
{
    /// <summary>Most characters in any string, the rendered text included.</summary>
    public const int MaxLength = 1 << 24;

    /// <summary>Most items in a list.</summary>
    public const int MaxItems = 1 << 20;

    /// <summary>Most items in a range, as in Jinja2's sandbox.</summary>
    public const int MaxRange = 100_000;

    private const int MaxDepth = 400;
    private const long MaxWork = 10_000_000;
    private const int CharactersPerWork = 32;

    private long _work;
    private int _depth;

    /// <summary>Line of the template that is being evaluated.</summary>
    public int Line { get; set; } = 1;

    /// <summary>What strftime_now shows.</summary>
    public DateTimeOffset? Now { get; } = now;

    public InputException Fail(string problem) => TemplateError.At(name, Line, problem);

    /// <summary>Counts work done: a node evaluated, an item visited.</summary>
    public void Work(long amount = 1)
    {
        if ((_work += amount) > MaxWork)
            throw Fail($"the template does more than {MaxWork} steps of work");
    }

    /// <summary>Counts the characters of a string about to be made.</summary>
    public void WorkOnText(long length)
    {
        if (length > MaxLength)
            throw Fail($"the template makes a text of more than {MaxLength} characters");
        Work(1 + (length / CharactersPerWork));
    }

    /// <summary>Counts the reading of a text; other values cost nothing to look at.</summary>
    public void WorkOn(TemplateValue value)
    {
        if (value is StringValue text)
            Work(text.Value.Length / CharactersPerWork);
    }

    /// <summary>Counts the items of a list about to be made.</summary>
    public void WorkOnItems(long count)
    {
        LimitItems(count);
        Work(1 + count);
    }

    /// <summary>Refuses a list or dict that has grown too long.</summary>
    public void LimitItems(long count)
    {
        if (count > MaxItems)
            throw Fail($"the template makes a list of more than {MaxItems} items");
    }

    /// <summary>Enters a level of nesting: of syntax, of calls, or of a value inside a value.</summary>
    public void Enter()
    {
        Work();
        if (++_depth > MaxDepth)
            throw Fail($"the template nests more than {MaxDepth} levels deep");
    }

    public void Leave() => _depth--;

    public StringValue Text(string value)
    {
        WorkOnText(value.Length);
        return new StringValue(value);
    }

    public ListValue List(List<TemplateValue> items)
    {
        WorkOnItems(items.Count);
        return new ListValue(items);
    }

    public IteratorValue Iterator(IReadOnlyList<TemplateValue> items)
    {
        WorkOnItems(items.Count);
        return new IteratorValue(items);
    }
}
