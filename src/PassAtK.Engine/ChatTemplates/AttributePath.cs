using System.Globalization;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>The `attribute` that filters take: an index, or names and indices joined by dots.</summary>
internal static class AttributePath
{
    /// <summary>The attribute of an item, the item itself where no attribute is asked for; a fallback replaces what is undefined.</summary>
    public static TemplateValue Get(CallArguments arguments, TemplateValue item, TemplateValue? attribute, TemplateValue? fallback = null)
    {
        if (attribute is null or NoneValue)
            return item;
        if (attribute is not StringValue path)
            return Step(arguments, item, attribute, fallback);
        foreach (var part in path.Value.Split('.'))
        {
            TemplateValue index = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? TemplateValue.Integer(number)
                : TemplateValue.Text(part);
            item = Step(arguments, item, index, fallback);
        }
        return item;
    }

    private static TemplateValue Step(CallArguments arguments, TemplateValue item, TemplateValue index, TemplateValue? fallback)
    {
        var value = Indexing.Item(arguments.Rendering, item, index);
        return value is UndefinedValue && fallback is not null ? fallback : value;
    }
}
