using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Runs statements in a scope and gathers what they write.</summary>
internal sealed class StatementRunner
{
    private readonly Rendering _rendering;
    private readonly ExpressionEvaluator _evaluator;
    private StringBuilder _output = new();

    public StatementRunner(Rendering rendering)
    {
        _rendering = rendering;
        _evaluator = new ExpressionEvaluator(rendering);
    }

    /// <summary>What follows a statement.</summary>
    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    /// <summary>The text that statements write, apart from the text around them.</summary>
    public string Render(IReadOnlyList<Statement> body, Scope scope)
    {
        var outer = _output;
        _output = new StringBuilder();
        Run(body, scope);
        var text = _output.ToString();
        _output = outer;
        return text;
    }

    private Flow Run(IReadOnlyList<Statement> body, Scope scope)
    {
        foreach (var statement in body)
        {
            if (Run(statement, scope) is var flow and not Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    private Flow Run(Statement statement, Scope scope)
    {
        _rendering.Enter();
        _rendering.Line = statement.Line;
        var flow = Flow.Next;
        switch (statement)
        {
            case TextStatement text: Write(text.Text); break;
            case OutputStatement output: Write(_evaluator.EvaluateText(output.Value, scope)); break;
            case IfStatement conditional: flow = RunIf(conditional, scope); break;
            case ForStatement loop: flow = RunFor(loop, scope); break;
            case BreakStatement: flow = Flow.Break; break;
            case ContinueStatement: flow = Flow.Continue; break;
            case SetStatement set: Assign(set.Target, _evaluator.Evaluate(set.Value, scope), scope); break;
            case SetBlockStatement set: Assign(set.Target, RenderFiltered(set.Filters, set.Body, scope), scope); break;
            case FilterBlockStatement filter:
                Write(PythonText.Str(_rendering, RenderFiltered(filter.Filters, filter.Body, scope)));
                break;
            case MacroStatement macro: scope.Set(macro.Macro.Name, Macro.Bind(this, _evaluator, macro.Macro, scope)); break;
            case CallBlockStatement call: RunCallBlock(call, scope); break;
            case ScopeStatement inner: flow = RunScope(inner, scope); break;
            default: throw new InvalidOperationException($"unknown statement {statement.GetType().Name}");
        }
        _rendering.Leave();
        return flow;
    }

    private void Write(string text)
    {
        _output.Append(text);
        if (_output.Length > Rendering.MaxLength)
            _rendering.WorkOnText(_output.Length);
        _rendering.WorkOnText(text.Length);
    }

    private Flow RunIf(IfStatement statement, Scope scope)
    {
        foreach (var (condition, body) in statement.Branches)
        {
            if (_evaluator.Evaluate(condition, scope).IsTrue)
                return Run(body, scope);
        }
        return Run(statement.Else, scope);
    }

    private Flow RunFor(ForStatement statement, Scope scope)
    {
        var items = Iteration.Items(_rendering, _evaluator.Evaluate(statement.Items, scope));
        if (statement.Filter is not null)
            items = Select(statement, items, scope);
        var loop = new LoopValue(items, scope.LoopDepth + 1);
        // As in Jinja2, `else` runs where no round came to its end: also when every one was cut short.
        var completed = false;
        for (var i = 0; i < items.Count; i++)
        {
            var inner = new Scope(scope) { LoopDepth = scope.LoopDepth + 1 };
            loop.Position = i;
            inner.Set("loop", loop);
            Assign(statement.Target, items[i], inner);
            var flow = Run(statement.Body, inner);
            if (flow == Flow.Break)
                break;
            completed |= flow == Flow.Next;
        }
        return completed ? Flow.Next : Run(statement.Else, new Scope(scope));
    }

    private List<TemplateValue> Select(ForStatement statement, IReadOnlyList<TemplateValue> items, Scope scope)
    {
        var selected = new List<TemplateValue>();
        foreach (var item in items)
        {
            var inner = new Scope(scope);
            Assign(statement.Target, item, inner);
            if (_evaluator.Evaluate(statement.Filter!, inner).IsTrue)
                selected.Add(item);
        }
        return selected;
    }

    private void Assign(Target target, TemplateValue value, Scope scope)
    {
        switch (target)
        {
            case NameTarget name:
                scope.Set(name.Name, value);
                break;
            case NamespaceTarget attribute:
                if (scope.Find(attribute.Name) is not NamespaceValue space)
                    throw _rendering.Fail($"'{attribute.Name}' is no namespace, so that '{attribute.Attribute}' cannot be set on it");
                space.Attributes[attribute.Attribute] = value;
                break;
            case TupleTarget tuple:
                var items = Iteration.Items(_rendering, value);
                if (items.Count != tuple.Items.Count)
                    throw _rendering.Fail($"{items.Count} values cannot be unpacked into {tuple.Items.Count} names");
                for (var i = 0; i < items.Count; i++)
                    Assign(tuple.Items[i], items[i], scope);
                break;
        }
    }

    private TemplateValue RenderFiltered(IReadOnlyList<FilterExpression> filters, IReadOnlyList<Statement> body, Scope scope)
    {
        TemplateValue value = new StringValue(Render(body, new Scope(scope)));
        foreach (var filter in filters)
            value = _evaluator.Filter(filter, value, scope);
        return value;
    }

    private void RunCallBlock(CallBlockStatement statement, Scope scope)
    {
        var caller = Macro.Bind(this, _evaluator, statement.Caller, scope);
        var arguments = _evaluator.EvaluateArguments(statement.Call.Arguments, scope);
        var extended = new CallArguments(
            _rendering, arguments.Positional, [.. arguments.Keywords, KeyValuePair.Create<string, TemplateValue>("caller", caller)]);
        var macro = _evaluator.Evaluate(statement.Call.Target, scope);
        Write(PythonText.Str(_rendering, _evaluator.Call(macro, extended, statement.Line)));
    }

    private Flow RunScope(ScopeStatement statement, Scope scope)
    {
        var inner = new Scope(scope);
        foreach (var (target, value) in statement.Names)
            Assign(target, _evaluator.Evaluate(value, scope), inner);
        return Run(statement.Body, inner);
    }
}
