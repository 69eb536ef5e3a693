namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Equations are the same up to a factor that is not 0, inequalities up to a positive one.</summary>
internal sealed class RelationComparison(WorkBudget budget)
{
    public bool AreEqual(Relation left, Relation right)
    {
        if (left.Operators.Count != right.Operators.Count)
            return false;
        return AreEqualInOrder(left, right)
            || AreEqualInOrder(left, new Relation([.. right.Operands.Reverse()], [.. right.Operators.Reverse().Select(Flipped)]));
    }

    private bool AreEqualInOrder(Relation left, Relation right)
    {
        for (var at = 0; at < left.Operators.Count; at++)
        {
            if (left.Operators[at] != right.Operators[at] || left.Operators[at] is '∈')
                return false;
            if (!AreProportional(Difference(left, at), Difference(right, at), positive: left.Operators[at] is not '=' and not '≠'))
                return false;
        }
        return true;
    }

    private static Sum Difference(Relation relation, int at) =>
        new([relation.Operands[at], ScalarParser.Negated(relation.Operands[at + 1])]);

    private bool AreProportional(Expression left, Expression right, bool positive)
    {
        try
        {
            var forms = new NormalForm(budget);
            var (one, two) = (forms.Of(left), forms.Of(right));
            // For equations a denominator only bars points; for inequalities it has a sign.
            if (positive && (one.Below.Number is null || two.Below.Number is null))
                return false;
            return IsMultiple(one.Above, two.Above, positive);
        }
        catch (Exception error) when (error is UndefinedValueException or UnreadableException)
        {
            return false;
        }
    }

    private bool IsMultiple(Polynomial left, Polynomial right, bool positive)
    {
        if (left.Terms.Count != right.Terms.Count)
            return false;
        if (left.IsZero)
            return true;
        var (monomial, coefficient) = left.Terms.First();
        if (!right.Terms.TryGetValue(monomial, out var other))
            return false;
        var factor = other / coefficient;
        return !(positive && factor.Sign < 0)
            && left.Times(factor, budget).Plus(right.Times(Rational.MinusOne, budget), budget).IsZero;
    }

    private static char Flipped(char sign) => sign switch { '<' => '>', '>' => '<', '≤' => '≥', '≥' => '≤', _ => sign };
}
