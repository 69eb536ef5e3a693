namespace PassAtK.Engine.ChatTemplates;

/// <summary>`value.name`: methods first, then keys, as Jinja2 looks them up.</summary>
internal static class Members
{
    /// <summary>The attribute; undefined where there is none.</summary>
    /// <exception cref="InputException">The value is undefined.</exception>
    public static TemplateValue Attribute(Rendering rendering, TemplateValue target, string name)
    {
        if (target is UndefinedValue undefined)
            throw rendering.Fail(undefined.Complaint);
        return Method(target, name)
            ?? (target as DictValue)?.Find(name)
            ?? new UndefinedValue($"{target.Described} has no attribute '{name}'");
    }

    /// <summary>What the value's type itself knows under a name, or null.</summary>
    public static TemplateValue? Method(TemplateValue target, string name) => target switch
    {
        StringValue text => TextMethods.Bind(text, name),
        ListValue list => ListMethods.Bind(list, name),
        DictValue dict => DictMethods.Bind(dict, name),
        TupleValue tuple => ListMethods.Bind(tuple, name),
        LoopValue loop => loop.Find(name),
        NamespaceValue space => space.Attributes.GetValueOrDefault(name),
        FunctionValue function when name == "name" => TemplateValue.Text(function.Name),
        _ => null,
    };
}
