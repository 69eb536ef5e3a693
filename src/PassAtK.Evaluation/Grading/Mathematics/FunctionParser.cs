namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Reads a function's base, power and arguments: `\log_2 8`, `\sin^2 x`, `\tan^{-1}(x)`, `f(x,y)`.</summary>
internal sealed class FunctionParser(TokenReader tokens, ScalarParser scalars)
{
    /// <param name="function">Canonical name.</param>
    /// <param name="word">As it was written: `log` may have a base.</param>
    public Expression Application(string function, string word)
    {
        Expression? logarithmBase = word == "lg" ? NumberLiteral.Of(10) : null;
        Expression? power = null;
        while (tokens.Next.Is('_') || tokens.Next.Is('^'))
        {
            if (tokens.TryTake('_'))
                logarithmBase = word == "log" ? scalars.Exponent() : throw new UnreadableException();
            else if (tokens.TryTake('^'))
                power = scalars.Exponent();
        }
        if (power is NumberLiteral { Value: { IsInteger: true, Sign: < 0 } } && FunctionNames.Inverse(function) is { } inverse)
            (function, power) = (inverse, null);

        var arguments = Arguments() ?? [scalars.BareArgument()];
        var value = Apply(function == "lg" ? "ln" : function, arguments);
        if (logarithmBase is not null)
            value = new Quotient(value, new Call("ln", [logarithmBase]));
        return power is null ? value : new Power(value, power);
    }

    /// <summary>What stands in brackets directly here; null where no bracket opens.</summary>
    public IReadOnlyList<Expression>? Arguments()
    {
        if (!tokens.TryTake('('))
            return null;
        var arguments = new List<Expression>();
        do
            arguments.Add(scalars.Quantity());
        while (tokens.TryTake(','));
        tokens.Expect(')');
        return arguments;
    }

    private static Expression Apply(string function, IReadOnlyList<Expression> arguments) => (function, arguments.Count) switch
    {
        ("sqrt", 1) => new Power(arguments[0], new Quotient(NumberLiteral.Of(1), NumberLiteral.Of(2))),
        ("cbrt", 1) => new Power(arguments[0], new Quotient(NumberLiteral.Of(1), NumberLiteral.Of(3))),
        ("exp", 1) => new Power(new Symbol(ConstantNames.Euler), arguments[0]),
        ("binom", 2) or ("gcd" or "lcm" or "max" or "min", >= 1) => new Call(function, arguments),
        (not ("sqrt" or "cbrt" or "exp" or "binom"), 1) => new Call(function, arguments),
        _ => throw new UnreadableException(),
    };
}
