namespace PassAtK.Engine.ChatTemplates;

/// <summary>`loop`: where a for loop stands.</summary>
internal sealed class LoopValue(IReadOnlyList<TemplateValue> items, int depth) : TemplateValue
{
    private TemplateValue? _lastChecked;

    /// <summary>Index of the current item, from 0.</summary>
    public int Position { get; set; }

    internal override string TypeName => "LoopContext";

    internal override bool IsTrue => true;

    /// <summary>The attribute of that name, or null.</summary>
    public TemplateValue? Find(string name) => name switch
    {
        "index" => Integer(Position + 1),
        "index0" => Integer(Position),
        "revindex" => Integer(items.Count - Position),
        "revindex0" => Integer(items.Count - Position - 1),
        "first" => Boolean(Position == 0),
        "last" => Boolean(Position == items.Count - 1),
        "length" => Integer(items.Count),
        "depth" => Integer(depth),
        "depth0" => Integer(depth - 1),
        "previtem" => Position > 0 ? items[Position - 1] : new UndefinedValue("there is no previous item"),
        "nextitem" => Position + 1 < items.Count ? items[Position + 1] : new UndefinedValue("there is no next item"),
        "cycle" => new FunctionValue("cycle", Cycle),
        "changed" => new FunctionValue("changed", Changed),
        _ => null,
    };

    private TemplateValue Cycle(CallArguments arguments) => arguments.Positional.Count == 0
        ? throw arguments.Rendering.Fail("loop.cycle() needs at least one value")
        : arguments.Positional[Position % arguments.Positional.Count];

    private BooleanValue Changed(CallArguments arguments)
    {
        var value = new TupleValue(arguments.Positional);
        var changed = _lastChecked is null || !Comparison.AreEqual(arguments.Rendering, _lastChecked, value);
        _lastChecked = value;
        return (BooleanValue)Boolean(changed);
    }
}
