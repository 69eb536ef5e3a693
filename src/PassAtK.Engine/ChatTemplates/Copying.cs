namespace PassAtK.Engine.ChatTemplates;

/// <summary>Deep copies of lists and dicts; other values never change and stay.</summary>
internal static class Copying
{
    public static TemplateValue Copy(Rendering rendering, TemplateValue value)
    {
        rendering.Enter();
        var copy = value switch
        {
            ListValue list => new ListValue([.. list.Items.Select(item => Copy(rendering, item))]),
            DictValue dict => CopyDict(rendering, dict),
            _ => value,
        };
        rendering.Leave();
        return copy;
    }

    private static DictValue CopyDict(Rendering rendering, DictValue dict)
    {
        var copy = new DictValue();
        foreach (var (key, value) in dict.Entries)
            copy.Entries[key] = Copy(rendering, value);
        return copy;
    }
}
