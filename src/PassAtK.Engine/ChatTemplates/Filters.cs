namespace PassAtK.Engine.ChatTemplates;

/// <summary>A filter: the value before the `|` and the arguments after its name give a new value.</summary>
internal delegate TemplateValue Filter(TemplateValue value, CallArguments arguments);

/// <summary>All filters by name.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Filter> ByName = new()
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = ValueFilters.Attr,
        ["batch"] = SequenceFilters.Batch,
        ["capitalize"] = TextFilters.Capitalize,
        ["center"] = TextFilters.Center,
        ["count"] = SequenceFilters.Length,
        ["d"] = ValueFilters.Default,
        ["default"] = ValueFilters.Default,
        ["dictsort"] = OrderFilters.DictSort,
        ["e"] = TextFilters.Escape,
        ["escape"] = TextFilters.Escape,
        ["first"] = SequenceFilters.First,
        ["float"] = NumberFilters.Float,
        ["format"] = TextFilters.Format,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = SequenceFilters.Items,
        ["join"] = SequenceFilters.Join,
        ["last"] = SequenceFilters.Last,
        ["length"] = SequenceFilters.Length,
        ["list"] = SequenceFilters.List,
        ["lower"] = TextFilters.Lower,
        ["map"] = SelectionFilters.Map,
        ["max"] = OrderFilters.Max,
        ["min"] = OrderFilters.Min,
        ["reject"] = SelectionFilters.Reject,
        ["rejectattr"] = SelectionFilters.RejectAttr,
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SequenceFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = ValueFilters.Text,
        ["select"] = SelectionFilters.Select,
        ["selectattr"] = SelectionFilters.SelectAttr,
        ["sort"] = OrderFilters.Sort,
        ["string"] = ValueFilters.Text,
        ["sum"] = NumberFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = ValueFilters.ToJson,
        ["trim"] = TextFilters.Trim,
        ["unique"] = OrderFilters.Unique,
        ["upper"] = TextFilters.Upper,
        ["wordcount"] = TextFilters.WordCount,
    };

    public static bool Exists(string name) => ByName.ContainsKey(name);

    /// <exception cref="InputException">No such filter, or the value or arguments do not fit it.</exception>
    public static TemplateValue Apply(string name, TemplateValue value, CallArguments arguments)
    {
        if (!ByName.TryGetValue(name, out var filter))
            throw arguments.Rendering.Fail($"there is no filter '{name}'");
        arguments.Rendering.WorkOn(value);
        return filter(value, arguments);
    }
}
