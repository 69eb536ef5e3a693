namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Sees what an answer says behind how it is written: `x = 5 + 5 = 10` gives x the value 10, `1 \pm a` is two values, `x = 1, y = 2` a
/// record, `x = 1, x = 2` a list, and lists in lists are one list.
/// </summary>
internal static class AnswerShape
{
    public static Expression Of(Expression expression)
    {
        switch (expression)
        {
            case Sequence { IsList: true } list:
                return OfList(list);
            case Sequence { IsSet: true } set:
                return new Sequence(set.Open, set.Close, [.. set.Items.Select(Of).SelectMany(Flat)]);
            case Relation relation:
                return OfRelation(relation);
            case Quantity { Value: Relation or Sequence { IsList: true } } quantity:
                return Of(quantity.Value);
            default:
                return OfValue(expression);
        }
    }

    /// <summary>Both values where signs are double.</summary>
    private static Expression OfValue(Expression value) =>
        ExpressionTree.Any(value, part => part is PlusMinus)
            ? Sequence.List([Signed(value, plus: true), Signed(value, plus: false)])
            : value;

    private static Expression Signed(Expression expression, bool plus) =>
        expression is PlusMinus both
            ? (plus != both.Flipped) ? Signed(both.Value, plus) : ScalarParser.Negated(Signed(both.Value, plus))
            : ExpressionTree.Map(expression, part => Signed(part, plus));

    private static Expression OfRelation(Relation relation)
    {
        var (operands, signs) = (relation.Operands, relation.Operators);
        if (signs is ['∈'])
            return NameOf.IsName(operands[0]) ? new Assignment(operands[0], Of(operands[1])) : relation;
        if (signs.Any(sign => sign is not '=' and not '≈'))
            return OfInequality(relation);
        // What is approximate is no part of the value, unless there is nothing else.
        var exact = 1;
        while (exact <= signs.Count && signs[exact - 1] == '=')
            exact++;
        if (exact == 1 && NameOf.IsName(operands[0]))
            exact = 2;
        var (first, last) = (operands[0], operands[exact - 1]);
        if (exact == 1)
            return OfValue(first);
        if (!NameOf.IsName(first) && NameOf.IsName(last) && exact == 2)
            (first, last) = (last, first);
        if (NameOf.IsName(first))
            return new Assignment(first, Of(last));
        return ExpressionTree.HasVariables(relation) ? new Relation([first, last], ['=']) : OfValue(last);
    }

    /// <summary>`x \le 5 = a` is rare and stays; `-793 &lt; a` has nothing to simplify.</summary>
    private static Relation OfInequality(Relation relation) => relation;

    private static Expression OfList(Sequence list)
    {
        Expression[] items = [.. list.Items.Select(Of)];
        if (Array.TrueForAll(items, item => item is Assignment))
            return OfAssignments([.. items.Cast<Assignment>()]);
        if (items[0] is Assignment first && !items.Skip(1).Any(item => item is Assignment or Relation))
            items[0] = first.Value;
        var flat = items.SelectMany(Flat).ToArray();
        // Of lists in a list nothing is known any more.
        return flat.Length == 1 ? flat[0] : Sequence.List(flat) with { IsChoice = list.IsChoice && flat.Length == items.Length };
    }

    private static IEnumerable<Expression> Flat(Expression item) => item switch
    {
        Sequence { IsList: true } list => list.Items,
        Record record => [new Sequence('(', ')', record.Values)],
        _ => [item],
    };

    private static Expression OfAssignments(Assignment[] assignments)
    {
        string[] names = [.. assignments.Select(assignment => NameOf.Text(assignment.Name))];
        Expression[] values = [.. assignments.Select(assignment => assignment.Value)];
        string[] letters = [.. names.Select(name => name.Split('_')[0])];
        if (letters.Distinct(StringComparer.Ordinal).Count() == 1)
            return Sequence.List([.. values.SelectMany(Flat)]);
        var size = Array.IndexOf(names, names[0], 1);
        if (size < 0)
            return new Record(names, values);
        var repeats = names.Length % size == 0 && !names.Where((name, at) => name != names[at % size]).Any();
        return repeats
            ? Sequence.List([.. values.Chunk(size).Select(chunk => (Expression)new Sequence('(', ')', chunk))])
            : Sequence.List(assignments);
    }
}
