using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>The functions every template can call. `strftime_now` is there only when the caller says what time it is.</summary>
internal static class Globals
{
    public static void Define(Scope scope, Rendering rendering)
    {
        Define(scope, "range", Range);
        Define(scope, "dict", Dict);
        Define(scope, "namespace", Namespace);
        Define(scope, "raise_exception", RaiseException);
        if (rendering.Now is { } now)
            Define(scope, "strftime_now", arguments => StrftimeNow(arguments, now));
    }

    private static void Define(Scope scope, string name, Func<CallArguments, TemplateValue> body) =>
        scope.Set(name, new FunctionValue(name, body));

    private static ListValue Range(CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("range()", "start", "stop", "step");
        if (bound[0] is null)
            throw rendering.Fail("range() needs at least one argument");
        var start = bound[1] is null ? 0 : arguments.ReadInteger(bound[0], "the start of range()");
        var stop = arguments.ReadInteger(bound[1] ?? bound[0], "the end of range()");
        var step = bound[2] is null ? 1 : arguments.ReadInteger(bound[2], "the step of range()");
        if (step == 0)
            throw rendering.Fail("the step of range() is zero");
        var span = step > 0 ? (BigInteger)stop - start : (BigInteger)start - stop;
        var count = span <= 0 ? 0 : (span + Math.Abs((long)step) - 1) / Math.Abs((long)step);
        if (count > Rendering.MaxRange)
            throw rendering.Fail($"range() of more than {Rendering.MaxRange} numbers");
        return rendering.List([.. Enumerable.Range(0, (int)count).Select(i => TemplateValue.Integer(start + ((long)i * step)))]);
    }

    private static DictValue Dict(CallArguments arguments)
    {
        var dict = new DictValue();
        DictMethods.Merge(dict, arguments, "dict()");
        return dict;
    }

    private static NamespaceValue Namespace(CallArguments arguments)
    {
        var dict = Dict(arguments);
        var space = new NamespaceValue();
        foreach (var (key, value) in dict.Entries)
            space.Attributes[arguments.ReadText(key, "the name of an attribute of namespace()")] = value;
        return space;
    }

    private static TemplateValue RaiseException(CallArguments arguments)
    {
        var message = arguments.Bind("raise_exception()", "message")[0]
            ?? throw arguments.Rendering.Fail("raise_exception() needs a message");
        throw arguments.Rendering.Fail(PythonText.Str(arguments.Rendering, message));
    }

    private static StringValue StrftimeNow(CallArguments arguments, DateTimeOffset now)
    {
        var format = arguments.ReadText(arguments.Bind("strftime_now()", "format")[0], "the format of strftime_now()");
        return StrftimeFormat.Format(arguments.Rendering, format, now);
    }
}
