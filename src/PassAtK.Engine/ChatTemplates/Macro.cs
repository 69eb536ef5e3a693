namespace PassAtK.Engine.ChatTemplates;

/// <summary>Makes a macro a function: its body runs in a scope of its own inside the one it was defined in.</summary>
internal static class Macro
{
    public static FunctionValue Bind(StatementRunner runner, ExpressionEvaluator evaluator, MacroDefinition macro, Scope outer) =>
        new(macro.Name, arguments =>
        {
            var rendering = arguments.Rendering;
            rendering.Enter();
            var scope = new Scope(outer) { LoopDepth = 0 };
            BindRest(macro, arguments, scope);
            BindParameters(evaluator, macro, arguments, scope);
            var text = runner.Render(macro.Body, scope);
            rendering.Leave();
            return rendering.Text(text);
        });

    private static void BindParameters(ExpressionEvaluator evaluator, MacroDefinition macro, CallArguments arguments, Scope scope)
    {
        for (var i = 0; i < macro.Parameters.Count; i++)
        {
            var (name, fallback) = macro.Parameters[i];
            var given = arguments.Keywords.FirstOrDefault(keyword => keyword.Key == name).Value;
            if (given is not null && i < arguments.Positional.Count)
                throw arguments.Rendering.Fail($"the macro '{macro.Name}' got two values for '{name}'");
            given ??= i < arguments.Positional.Count ? arguments.Positional[i] : null;
            given ??= fallback is null ? null : evaluator.Evaluate(fallback, scope);
            scope.Set(name, given ?? new UndefinedValue($"the parameter '{name}' of the macro '{macro.Name}' was not given"));
        }
    }

    /// <summary>What no parameter takes: `caller`, `kwargs` and `varargs`, or an error.</summary>
    private static void BindRest(MacroDefinition macro, CallArguments arguments, Scope scope)
    {
        var rest = arguments.Keywords.Where(keyword => !macro.Parameters.Any(parameter => parameter.Name == keyword.Key)).ToList();
        if (macro.TakesCaller)
        {
            var caller = rest.FirstOrDefault(keyword => keyword.Key == "caller").Value;
            rest.RemoveAll(keyword => keyword.Key == "caller");
            scope.Set("caller", caller ?? new UndefinedValue("no caller is defined"));
        }
        if (macro.TakesKeywords)
            scope.Set("kwargs", TemplateValue.Map(rest));
        else if (rest.Count > 0)
            throw arguments.Rendering.Fail($"the macro '{macro.Name}' takes no argument '{rest[0].Key}'");
        if (macro.TakesMore)
            scope.Set("varargs", new TupleValue([.. arguments.Positional.Skip(macro.Parameters.Count)]));
        else if (arguments.Positional.Count > macro.Parameters.Count)
            throw arguments.Rendering.Fail(
                $"the macro '{macro.Name}' takes {macro.Parameters.Count} arguments, found {arguments.Positional.Count}");
    }
}
