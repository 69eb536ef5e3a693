namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// Filters that pick items by a test, or map each to something else. Like Python's generators, the result can be walked once.
/// </summary>
internal static class SelectionFilters
{
    public static TemplateValue Select(TemplateValue value, CallArguments arguments) =>
        Pick(value, arguments, byAttribute: false, keep: true);

    public static TemplateValue Reject(TemplateValue value, CallArguments arguments) =>
        Pick(value, arguments, byAttribute: false, keep: false);

    public static TemplateValue SelectAttr(TemplateValue value, CallArguments arguments) =>
        Pick(value, arguments, byAttribute: true, keep: true);

    public static TemplateValue RejectAttr(TemplateValue value, CallArguments arguments) =>
        Pick(value, arguments, byAttribute: true, keep: false);

    private static IteratorValue Pick(TemplateValue value, CallArguments arguments, bool byAttribute, bool keep)
    {
        var rendering = arguments.Rendering;
        if (byAttribute && arguments.Positional.Count == 0)
            throw rendering.Fail("an attribute to select or reject by is missing");
        var attribute = byAttribute ? arguments.Positional[0] : null;
        var rest = arguments.Skip(byAttribute ? 1 : 0);
        var test = rest.Positional.Count > 0 ? arguments.ReadText(rest.Positional[0], "the name of a test") : null;
        var testArguments = rest.Skip(1);
        var picked = new List<TemplateValue>();
        foreach (var item in Iteration.Items(rendering, value))
        {
            var subject = AttributePath.Get(arguments, item, attribute);
            var holds = test is null ? subject.IsTrue : Tests.Apply(test, subject, testArguments);
            if (holds == keep)
                picked.Add(item);
        }
        return rendering.Iterator(picked);
    }

    public static TemplateValue Map(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var items = Iteration.Items(rendering, value);
        if (arguments.Positional.Count == 0)
        {
            var bound = arguments.Bind("map", "attribute", "default");
            if (bound[0] is null)
                throw rendering.Fail("map needs the name of a filter or an attribute");
            return rendering.Iterator([.. items.Select(item => AttributePath.Get(arguments, item, bound[0], bound[1]))]);
        }
        var filter = arguments.ReadText(arguments.Positional[0], "the name of a filter");
        var rest = arguments.Skip(1);
        return rendering.Iterator([.. items.Select(item => Filters.Apply(filter, item, rest))]);
    }
}
