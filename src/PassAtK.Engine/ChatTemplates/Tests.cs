namespace PassAtK.Engine.ChatTemplates;

/// <summary>What `is` asks.</summary>
internal static class Tests
{
    /// <exception cref="InputException">No such test, or the arguments or types do not fit it.</exception>
    public static bool Apply(string name, TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        rendering.WorkOn(value);
        return name switch
        {
            "defined" => Plain(name, value is not UndefinedValue, arguments),
            "undefined" => Plain(name, value is UndefinedValue, arguments),
            "none" => Plain(name, value is NoneValue, arguments),
            "boolean" => Plain(name, value is BooleanValue, arguments),
            "true" => Plain(name, value is BooleanValue { Value: true }, arguments),
            "false" => Plain(name, value is BooleanValue { Value: false }, arguments),
            "integer" => Plain(name, value is IntegerValue, arguments),
            "float" => Plain(name, value is FloatValue, arguments),
            "number" => Plain(name, Number.TryGet(value, out _), arguments),
            "string" => Plain(name, value is StringValue, arguments),
            "mapping" => Plain(name, value is DictValue, arguments),
            "sequence" => Plain(name, value is StringValue or ListValue or TupleValue or DictValue or UndefinedValue, arguments),
            "iterable" => Plain(name, Iteration.IsIterable(value), arguments),
            "callable" => Plain(name, value is FunctionValue or UndefinedValue, arguments),
            "lower" => Plain(name, TextCase.IsLower(PythonText.Str(rendering, value)), arguments),
            "upper" => Plain(name, TextCase.IsUpper(PythonText.Str(rendering, value)), arguments),
            "filter" => Plain(name, Filters.Exists(arguments.ReadText(value, "the name of a filter")), arguments),
            "test" => Plain(name, Exists(arguments.ReadText(value, "the name of a test")), arguments),
            "odd" => Plain(name, Remainder(value, TemplateValue.Integer(2), arguments) == 1, arguments),
            "even" => Plain(name, Remainder(value, TemplateValue.Integer(2), arguments) == 0, arguments),
            "divisibleby" => Remainder(value, Other(name, arguments), arguments) == 0,
            "sameas" => IsSame(rendering, value, Other(name, arguments)),
            "in" => Comparison.Contains(rendering, Other(name, arguments), value),
            "eq" or "equalto" or "==" => Comparison.AreEqual(rendering, value, Other(name, arguments)),
            "ne" or "!=" => !Comparison.AreEqual(rendering, value, Other(name, arguments)),
            "lt" or "lessthan" or "<" => Comparison.Order(rendering, value, Other(name, arguments)) < 0,
            "le" or "<=" => Comparison.Order(rendering, value, Other(name, arguments)) <= 0,
            "gt" or "greaterthan" or ">" => Comparison.Order(rendering, value, Other(name, arguments)) > 0,
            "ge" or ">=" => Comparison.Order(rendering, value, Other(name, arguments)) >= 0,
            _ => throw rendering.Fail($"there is no test '{name}'"),
        };
    }

    private static bool Exists(string name) => name is "defined" or "undefined" or "none" or "boolean" or "true" or "false" or "integer"
        or "float" or "number" or "string" or "mapping" or "sequence" or "iterable" or "callable" or "lower" or "upper" or "filter"
        or "test" or "odd" or "even" or "divisibleby" or "sameas" or "in" or "eq" or "equalto" or "==" or "ne" or "!=" or "lt"
        or "lessthan" or "<" or "le" or "<=" or "gt" or "greaterthan" or ">" or "ge" or ">=";

    private static bool Plain(string name, bool result, CallArguments arguments)
    {
        arguments.Bind($"the test '{name}'");
        return result;
    }

    private static TemplateValue Other(string name, CallArguments arguments) =>
        arguments.Bind($"the test '{name}'", "other")[0] ?? throw arguments.Rendering.Fail($"the test '{name}' needs a value");

    private static double Remainder(TemplateValue value, TemplateValue divisor, CallArguments arguments)
    {
        if (!Number.TryGet(divisor, out _) || (value is not UndefinedValue && !Number.TryGet(value, out _)))
            throw arguments.Rendering.Fail($"{value.Described} is not divisible by {divisor.Described}");
        return Number.TryGet(Arithmetic.Apply(arguments.Rendering, "%", value, divisor), out var number) ? number.AsFloat : double.NaN;
    }

    /// <summary>Python's `is`. Equal small values that Python keeps once are the same here.</summary>
    private static bool IsSame(Rendering rendering, TemplateValue left, TemplateValue right) => left switch
    {
        ListValue or TupleValue or DictValue or NamespaceValue or FunctionValue => ReferenceEquals(left, right),
        _ => left.GetType() == right.GetType() && Comparison.AreEqual(rendering, left, right),
    };
}
