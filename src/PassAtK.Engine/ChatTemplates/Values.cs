using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Jinja2's Undefined: prints nothing, is false and empty; any other use is an error with the complaint it carries.</summary>
internal sealed class UndefinedValue(string complaint) : TemplateValue
{
    /// <summary>What an error says: `'x' is undefined`.</summary>
    public string Complaint { get; } = complaint;

    internal override string TypeName => "Undefined";

    internal override bool IsTrue => false;
}

internal sealed class NoneValue : TemplateValue
{
    internal override string TypeName => "None";

    internal override bool IsTrue => false;
}

internal sealed class BooleanValue(bool value) : TemplateValue
{
    public bool Value { get; } = value;

    internal override string TypeName => "bool";

    internal override bool IsTrue => Value;
}

internal sealed class IntegerValue(BigInteger value) : TemplateValue
{
    public BigInteger Value { get; } = value;

    internal override string TypeName => "int";

    internal override bool IsTrue => !Value.IsZero;
}

internal sealed class FloatValue(double value) : TemplateValue
{
    public double Value { get; } = value;

    internal override string TypeName => "float";

    internal override bool IsTrue => Value != 0;
}

/// <summary>A str. Kept as UTF-16; lengths, indices and order count code points, as Python's do.</summary>
internal sealed class StringValue(string value) : TemplateValue
{
    public string Value { get; } = value;

    internal override string TypeName => "str";

    internal override bool IsTrue => Value.Length > 0;
}

internal sealed class ListValue(List<TemplateValue> items) : TemplateValue
{
    public List<TemplateValue> Items { get; } = items;

    internal override string TypeName => "list";

    internal override bool IsTrue => Items.Count > 0;
}

internal sealed class TupleValue(IReadOnlyList<TemplateValue> items) : TemplateValue
{
    public IReadOnlyList<TemplateValue> Items { get; } = items;

    internal override string TypeName => "tuple";

    internal override bool IsTrue => Items.Count > 0;
}

/// <summary>A dict in insertion order. Keys are strings, numbers, booleans and None.</summary>
internal sealed class DictValue : TemplateValue
{
    public OrderedDictionary<TemplateValue, TemplateValue> Entries { get; } = new(ScalarEquality.Instance);

    internal override string TypeName => "dict";

    internal override bool IsTrue => Entries.Count > 0;

    public TemplateValue? Find(string key) => Entries.GetValueOrDefault(new StringValue(key));
}

/// <summary>What filters like map and select give: always true, has no length or index, can be walked once.</summary>
internal sealed class IteratorValue(IReadOnlyList<TemplateValue> items) : TemplateValue
{
    private IReadOnlyList<TemplateValue> _items = items;

    internal override string TypeName => "generator";

    internal override bool IsTrue => true;

    /// <summary>What has not been walked yet; the next call gives nothing.</summary>
    public IReadOnlyList<TemplateValue> Take()
    {
        var items = _items;
        _items = [];
        return items;
    }
}

/// <summary>`namespace()`: the one value whose attributes a template can set, also from inside a loop.</summary>
internal sealed class NamespaceValue : TemplateValue
{
    public OrderedDictionary<string, TemplateValue> Attributes { get; } = [];

    internal override string TypeName => "Namespace";

    internal override bool IsTrue => true;
}

/// <summary>A macro, a method bound to its value, or a global function.</summary>
internal sealed class FunctionValue(string name, Func<CallArguments, TemplateValue> body) : TemplateValue
{
    public string Name { get; } = name;

    public Func<CallArguments, TemplateValue> Body { get; } = body;

    internal override string TypeName => "function";

    internal override bool IsTrue => true;
}
