using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Computes the value of an expression in a scope.</summary>
internal sealed class ExpressionEvaluator(Rendering rendering)
{
    public TemplateValue Evaluate(Expression expression, Scope scope)
    {
        rendering.Enter();
        rendering.Line = expression.Line;
        var value = expression switch
        {
            Literal literal => literal.Value,
            NameExpression name => scope.Find(name.Name),
            ListExpression list => rendering.List(EvaluateAll(list.Items, scope)),
            TupleExpression tuple => new TupleValue(EvaluateAll(tuple.Items, scope)),
            DictExpression dict => EvaluateDict(dict, scope),
            AttributeExpression attribute => Members.Attribute(rendering, Evaluate(attribute.Target, scope), attribute.Name),
            ItemExpression item => Indexing.Item(rendering, Evaluate(item.Target, scope), Evaluate(item.Index, scope)),
            SliceExpression slice => Indexing.Slice(
                rendering, Evaluate(slice.Target, scope), EvaluateOptional(slice.Start, scope), EvaluateOptional(slice.Stop, scope),
                EvaluateOptional(slice.Step, scope)),
            CallExpression call => Call(Evaluate(call.Target, scope), EvaluateArguments(call.Arguments, scope), call.Line),
            FilterExpression filter => Filter(filter, Evaluate(filter.Target!, scope), scope),
            TestExpression test => TemplateValue.Boolean(Tests.Apply(
                test.Name, Evaluate(test.Target, scope), EvaluateArguments(test.Arguments, scope))),
            SignExpression { Symbol: "-" } sign => Arithmetic.Negate(rendering, Evaluate(sign.Operand, scope)),
            SignExpression sign => Arithmetic.Plus(rendering, Evaluate(sign.Operand, scope)),
            ArithmeticExpression arithmetic => EvaluateArithmetic(arithmetic, scope),
            ConcatenationExpression concatenation => Concatenate(concatenation, scope),
            ComparisonExpression comparison => TemplateValue.Boolean(Compare(comparison, scope)),
            NotExpression not => TemplateValue.Boolean(!Evaluate(not.Operand, scope).IsTrue),
            LogicalExpression logical => EvaluateLogical(logical, scope),
            ConditionalExpression conditional => EvaluateConditional(conditional, scope),
            _ => throw new InvalidOperationException($"unknown expression {expression.GetType().Name}"),
        };
        rendering.Leave();
        return value;
    }

    public string EvaluateText(Expression expression, Scope scope) => PythonText.Str(rendering, Evaluate(expression, scope));

    public TemplateValue Filter(FilterExpression filter, TemplateValue target, Scope scope)
    {
        var arguments = EvaluateArguments(filter.Arguments, scope);
        rendering.Line = filter.Line;
        return Filters.Apply(filter.Name, target, arguments);
    }

    public TemplateValue Call(TemplateValue target, CallArguments arguments, int line)
    {
        rendering.Line = line;
        return target switch
        {
            FunctionValue function => function.Body(arguments),
            UndefinedValue undefined => throw rendering.Fail(undefined.Complaint),
            _ => throw rendering.Fail($"{target.Described} cannot be called"),
        };
    }

    public CallArguments EvaluateArguments(Arguments arguments, Scope scope)
    {
        if (ReferenceEquals(arguments, Arguments.None))
            return new CallArguments(rendering);
        var positional = EvaluateAll(arguments.Positional, scope);
        var keywords = new List<KeyValuePair<string, TemplateValue>>();
        foreach (var (name, value) in arguments.Keywords)
            keywords.Add(KeyValuePair.Create(name, Evaluate(value, scope)));
        if (arguments.Sequence is not null)
            positional.AddRange(Iteration.Items(rendering, Evaluate(arguments.Sequence, scope)));
        if (arguments.Dict is not null)
            AddKeywords(keywords, Evaluate(arguments.Dict, scope));
        return new CallArguments(rendering, positional, keywords);
    }

    private void AddKeywords(List<KeyValuePair<string, TemplateValue>> keywords, TemplateValue source)
    {
        if (source is not DictValue dict)
            throw rendering.Fail($"'**' needs a dict, found {source.TypeName}");
        foreach (var (key, value) in dict.Entries)
        {
            if (key is not StringValue name)
                throw rendering.Fail($"'**' needs str keys, found {key.TypeName}");
            keywords.Add(KeyValuePair.Create(name.Value, value));
        }
    }

    private List<TemplateValue> EvaluateAll(IReadOnlyList<Expression> expressions, Scope scope)
    {
        var values = new List<TemplateValue>(expressions.Count);
        foreach (var expression in expressions)
            values.Add(Evaluate(expression, scope));
        return values;
    }

    private TemplateValue? EvaluateOptional(Expression? expression, Scope scope) =>
        expression is null ? null : Evaluate(expression, scope);

    private DictValue EvaluateDict(DictExpression expression, Scope scope)
    {
        var dict = new DictValue();
        foreach (var (key, value) in expression.Entries)
            dict.Entries[Indexing.Key(rendering, Evaluate(key, scope))] = Evaluate(value, scope);
        return dict;
    }

    private TemplateValue EvaluateArithmetic(ArithmeticExpression arithmetic, Scope scope)
    {
        var left = Evaluate(arithmetic.Left, scope);
        var right = Evaluate(arithmetic.Right, scope);
        rendering.Line = arithmetic.Line;
        return Arithmetic.Apply(rendering, arithmetic.Symbol, left, right);
    }

    private StringValue Concatenate(ConcatenationExpression concatenation, Scope scope)
    {
        var text = new StringBuilder();
        foreach (var operand in concatenation.Operands)
        {
            text.Append(EvaluateText(operand, scope));
            rendering.WorkOnText(text.Length);
        }
        return new StringValue(text.ToString());
    }

    private bool Compare(ComparisonExpression comparison, Scope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (symbol, operand) in comparison.Rest)
        {
            var right = Evaluate(operand, scope);
            if (!Holds(symbol, left, right))
                return false;
            left = right;
        }
        return true;
    }

    private bool Holds(string symbol, TemplateValue left, TemplateValue right) => symbol switch
    {
        "==" => Comparison.AreEqual(rendering, left, right),
        "!=" => !Comparison.AreEqual(rendering, left, right),
        "in" => Comparison.Contains(rendering, right, left),
        "not in" => !Comparison.Contains(rendering, right, left),
        "<" => Comparison.Order(rendering, left, right) < 0,
        "<=" => Comparison.Order(rendering, left, right) <= 0,
        ">" => Comparison.Order(rendering, left, right) > 0,
        _ => Comparison.Order(rendering, left, right) >= 0,
    };

    private TemplateValue EvaluateLogical(LogicalExpression logical, Scope scope)
    {
        var left = Evaluate(logical.Left, scope);
        return left.IsTrue == logical.IsAnd ? Evaluate(logical.Right, scope) : left;
    }

    private TemplateValue EvaluateConditional(ConditionalExpression conditional, Scope scope)
    {
        if (Evaluate(conditional.Condition, scope).IsTrue)
            return Evaluate(conditional.Value, scope);
        return conditional.Otherwise is null
            ? new UndefinedValue("the condition of an 'if' without 'else' is false")
            : Evaluate(conditional.Otherwise, scope);
    }
}
