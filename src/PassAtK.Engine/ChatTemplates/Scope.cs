namespace PassAtK.Engine.ChatTemplates;

/// <summary>Names and their values; an inner scope sees the outer ones' names and never changes them.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, TemplateValue> _values = [];

    /// <summary>Loops around this scope.</summary>
    public int LoopDepth { get; init; } = outer?.LoopDepth ?? 0;

    public TemplateValue Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._values.TryGetValue(name, out var value))
                return value;
        }
        return new UndefinedValue($"'{name}' is undefined");
    }

    private Scope? Outer { get; } = outer;

    public void Set(string name, TemplateValue value) => _values[name] = value;
}
