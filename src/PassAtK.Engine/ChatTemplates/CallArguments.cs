namespace PassAtK.Engine.ChatTemplates;

/// <summary>The arguments of one call of a function, filter or test.</summary>
internal sealed class CallArguments(
    Rendering rendering, IReadOnlyList<TemplateValue> positional, IReadOnlyList<KeyValuePair<string, TemplateValue>> keywords)
{
    private static readonly KeyValuePair<string, TemplateValue>[] NoKeywords = [];

    public CallArguments(Rendering rendering, params TemplateValue[] positional)
        : this(rendering, positional, NoKeywords)
    {
    }

    public Rendering Rendering { get; } = rendering;

    public IReadOnlyList<TemplateValue> Positional { get; } = positional;

    public IReadOnlyList<KeyValuePair<string, TemplateValue>> Keywords { get; } = keywords;

    /// <summary>The values of named parameters in their order, null where not given.</summary>
    /// <exception cref="InputException">Too many arguments, or a keyword that is no parameter or is given twice.</exception>
    public TemplateValue?[] Bind(string callee, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Count > parameters.Length)
            throw Rendering.Fail($"{callee} takes at most {parameters.Length} arguments, found {Positional.Count}");
        var bound = new TemplateValue?[parameters.Length];
        for (var i = 0; i < Positional.Count; i++)
            bound[i] = Positional[i];
        foreach (var (keyword, value) in Keywords)
        {
            var index = parameters.IndexOf(keyword);
            if (index < 0)
                throw Rendering.Fail($"{callee} has no parameter '{keyword}'");
            if (bound[index] is not null)
                throw Rendering.Fail($"{callee} got two values for '{keyword}'");
            bound[index] = value;
        }
        return bound;
    }

    /// <summary>The arguments after the first <paramref name="count"/>.</summary>
    public CallArguments Skip(int count) => new(Rendering, [.. Positional.Skip(count)], Keywords);

    public string ReadText(TemplateValue? value, string what) => value switch
    {
        StringValue text => text.Value,
        UndefinedValue undefined => throw Rendering.Fail(undefined.Complaint),
        _ => throw Rendering.Fail($"{what} is of type {value?.TypeName ?? "nothing"}, expected a str"),
    };

    public int ReadInteger(TemplateValue? value, string what)
    {
        if (value is UndefinedValue undefined)
            throw Rendering.Fail(undefined.Complaint);
        if (value is null || !Number.TryGet(value, out var number) || number.IsFloat)
            throw Rendering.Fail($"{what} is of type {value?.TypeName ?? "nothing"}, expected an int");
        if (number.Integer < int.MinValue || number.Integer > int.MaxValue)
            throw Rendering.Fail($"{what} is out of range");
        return (int)number.Integer;
    }
}
