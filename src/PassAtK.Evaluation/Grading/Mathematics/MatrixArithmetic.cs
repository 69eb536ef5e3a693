namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Carries out sums, products, whole powers and transposes of matrices; entries stay expressions.</summary>
internal sealed class MatrixArithmetic(WorkBudget budget)
{
    private const int LargestPower = 8;
    private const int LargestSide = 12;
    private const int LargestEntry = 1000;

    /// <summary>Whether the value is a matrix, if it has one.</summary>
    public static bool IsMatrix(Expression expression) => expression switch
    {
        Matrix => true,
        Sum sum => sum.Terms.Any(IsMatrix),
        Product product => product.Factors.Any(IsMatrix),
        Quotient quotient => IsMatrix(quotient.Above),
        Power power => IsMatrix(power.Base),
        Call { Function: "transpose" } => true,
        _ => false,
    };

    /// <summary>Null where it is no matrix or the shapes do not fit.</summary>
    public Matrix? Of(Expression expression)
    {
        budget.Spend(50);
        switch (expression)
        {
            case Matrix matrix:
                return matrix;
            case Sum sum:
                return sum.Terms.Select(Of).Aggregate((left, right) => left is null || right is null ? null : Add(left, right));
            case Quotient quotient when Of(quotient.Above) is { } above:
                return Map(above, entry => new Quotient(entry, quotient.Below));
            case Product product:
                return product.Factors.Select(factor => (Scalar: factor, Matrix: IsMatrix(factor) ? Of(factor) : null)).Aggregate(Times).Matrix;
            case Power { Exponent: NumberLiteral { Value: { IsInteger: true, Sign: > 0 } exponent } } power when exponent < LargestPower + 1 && Of(power.Base) is { } @base:
                return Enumerable.Repeat(@base, (int)exponent.Numerator).Aggregate((Matrix? left, Matrix? right) => Multiply(left, right!));
            case Call { Function: "transpose", Arguments: [var argument] } when Of(argument) is { } inner:
                return new Matrix([.. Enumerable.Range(0, inner.Rows[0].Count).Select(column => (IReadOnlyList<Expression>)[.. inner.Rows.Select(row => row[column])])]);
            default:
                return null;
        }
    }

    private (Expression Scalar, Matrix? Matrix) Times((Expression Scalar, Matrix? Matrix) left, (Expression Scalar, Matrix? Matrix) right) =>
        (left.Matrix, right.Matrix) switch
        {
            (null, null) => (new Product([left.Scalar, right.Scalar]), null),
            ({ } one, { } two) => (left.Scalar, Multiply(one, two)),
            ({ } one, null) => (left.Scalar, Map(one, entry => new Product([entry, right.Scalar]))),
            (null, { } two) => (left.Scalar, Map(two, entry => new Product([left.Scalar, entry]))),
        };

    private static Matrix? Add(Matrix left, Matrix right) =>
        left.Rows.Count == right.Rows.Count && left.Rows[0].Count == right.Rows[0].Count
            ? new Matrix([.. left.Rows.Zip(right.Rows, (one, two) => (IReadOnlyList<Expression>)[.. one.Zip(two, (a, b) => new Sum([a, b]))])])
            : null;

    private Matrix? Multiply(Matrix? left, Matrix right)
    {
        if (left is null || left.Rows[0].Count != right.Rows.Count || left.Rows.Count > LargestSide || right.Rows[0].Count > LargestSide)
            return null;
        budget.Spend(10L * left.Rows.Count * right.Rows.Count * right.Rows[0].Count);
        return new Matrix([.. left.Rows.Select(row => (IReadOnlyList<Expression>)[.. Enumerable.Range(0, right.Rows[0].Count)
            .Select(column => Kept(new Sum([.. row.Select((entry, at) => new Product([entry, right.Rows[at][column]]))])))])]);
    }

    /// <summary>An entry as its number, or as it is while it is small: products of products would grow without end.</summary>
    private Expression Kept(Expression entry)
    {
        if (ExactValue.Of(entry) is { } value)
            return NumberLiteral.Of(value);
        var size = 0;
        ExpressionTree.Any(entry, _ => ++size > LargestEntry);
        budget.Spend(size);
        return size <= LargestEntry ? entry : throw new WorkLimitException();
    }

    private static Matrix Map(Matrix matrix, Func<Expression, Expression> change) => (Matrix)ExpressionTree.Map(matrix, change);
}
