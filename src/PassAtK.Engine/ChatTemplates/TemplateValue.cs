using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// A value that a template computes with: Python's None, bool, int, float, str, list and dict. Callers build them with the members
/// here or from JSON; a template's own changes to a list or a dict never reach the caller's values.
/// </summary>
public abstract class TemplateValue
{
    private protected TemplateValue()
    {
    }

    public static TemplateValue None { get; } = new NoneValue();

    public static TemplateValue True { get; } = new BooleanValue(true);

    public static TemplateValue False { get; } = new BooleanValue(false);

    public static TemplateValue Boolean(bool value) => value ? True : False;

    public static TemplateValue Integer(long value) => new IntegerValue(value);

    public static TemplateValue Float(double value) => new FloatValue(value);

    public static TemplateValue Text(string value) => new StringValue(value);

    public static TemplateValue List(IEnumerable<TemplateValue> items) => new ListValue([.. items]);

    /// <summary>A dict with string keys, in the order given; the last of two equal keys wins.</summary>
    public static TemplateValue Map(IEnumerable<KeyValuePair<string, TemplateValue>> entries)
    {
        var dict = new DictValue();
        foreach (var (key, value) in entries)
            dict.Entries[new StringValue(key)] = value;
        return dict;
    }

    /// <summary>
    /// A JSON document as Python's json module reads it: a number with fraction or exponent is a float, others are integers.
    /// </summary>
    /// <exception cref="InputException">A string that is not valid Unicode, or an integer of thousands of digits.</exception>
    public static TemplateValue FromJson(JsonElement json)
    {
        try
        {
            return Read(json);
        }
        catch (InvalidOperationException cause)
        {
            throw new InputException("A JSON string holds a surrogate without its partner, expected valid Unicode.", cause);
        }
    }

    private static TemplateValue Read(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                return Map(json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Read(member.Value))));
            case JsonValueKind.Array:
                return List(json.EnumerateArray().Select(Read));
            case JsonValueKind.String:
                return Text(json.GetString()!);
            case JsonValueKind.Number:
                return ReadNumber(json);
            case JsonValueKind.True:
                return True;
            case JsonValueKind.False:
                return False;
            default:
                return None;
        }
    }

    private static TemplateValue ReadNumber(JsonElement json)
    {
        var digits = json.GetRawText();
        if (digits.AsSpan().ContainsAny(".eE"))
            return Float(json.GetDouble());
        // Python's own bound.
        if (digits.Length > 4300)
            throw new InputException($"A JSON integer has {digits.Length} digits, expected at most 4300.");
        return new IntegerValue(BigInteger.Parse(digits, CultureInfo.InvariantCulture));
    }

    /// <summary>Python's name of the type, for messages.</summary>
    internal abstract string TypeName { get; }

    /// <summary>The type with its article, for messages.</summary>
    internal string Described => this is NoneValue ? TypeName : $"{("aeioU".Contains(TypeName[0]) ? "an" : "a")} {TypeName}";

    /// <summary>Python's truth value.</summary>
    internal abstract bool IsTrue { get; }
}
