namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>When two parsed answers are the same. Both sides have the form that <see cref="AnswerShape"/> gives.</summary>
internal sealed class AnswerEquality
{
    private readonly bool _strict;
    private readonly WorkBudget _budget;
    private readonly ScalarComparison _scalars;
    private readonly RealSetReader _sets;
    private readonly RelationComparison _relations;
    private readonly SequenceEquality _sequences;

    public AnswerEquality(bool strict, WorkBudget budget)
    {
        (_strict, _budget) = (strict, budget);
        _scalars = new ScalarComparison(budget);
        _sets = new RealSetReader(_scalars, budget);
        _relations = new RelationComparison(budget);
        _sequences = new SequenceEquality(AreEqual, strict);
    }

    /// <exception cref="WorkLimitException">The comparison costs more than the budget.</exception>
    public bool AreEqual(Expression left, Expression right)
    {
        _budget.Spend(50);
        if (left is Assignment || right is Assignment)
            return AreEqualAssignments(left, right);
        if (left is Record || right is Record)
            return _sequences.AreEqualRecords(left, right);
        if (left is Quantity || right is Quantity)
            return AreEqualQuantities(left, right);
        if (left is Percentage || right is Percentage)
            return AreEqualPercentages(left, right);
        if (left is Degrees || right is Degrees)
            return AreEqualDegrees(left, right);
        if (RealSetReader.IsSetLike(left) || RealSetReader.IsSetLike(right))
            return AreEqualSets(left, right);
        return (left, right) switch
        {
            (Numeral one, Numeral two) => one == two,
            (Numeral, _) or (_, Numeral) => false,
            (Relation one, Relation two) => _relations.AreEqual(one, two),
            (Relation, _) or (_, Relation) => false,
            (Ratio, _) or (_, Ratio) => AreEqualRatios(left, right),
            _ when MatrixArithmetic.IsMatrix(left) || MatrixArithmetic.IsMatrix(right) => AreEqualMatrices(left, right),
            (Sequence, _) or (_, Sequence) => _sequences.AreEqual(left, right),
            _ => AreEqualScalars(left, right),
        };
    }

    private bool AreEqualScalars(Expression left, Expression right) =>
        (left is NumberLiteral one && right is NumberLiteral two ? one.Value == two.Value : _scalars.AreEqual(left, right))
        || (!_strict && _scalars.IsRounded(left, right));

    /// <summary>A name is dropped where the other side has none; two names have to agree, unless both give plain values.</summary>
    private bool AreEqualAssignments(Expression left, Expression right)
    {
        if (left is Assignment one && right is Assignment two)
        {
            if (NameOf.Text(one.Name) == NameOf.Text(two.Name))
                return AreEqual(one.Value, two.Value);
            if (NameOf.Renamed(two, one) is { } renamed)
                return AreEqual(one.Value, renamed);
            if (!_strict && !ExpressionTree.HasVariables(one.Value) && !ExpressionTree.HasVariables(two.Value))
                return AreEqual(one.Value, two.Value);
            return _relations.AreEqual(AsRelation(one), AsRelation(two));
        }
        var (named, other) = left is Assignment assignment ? (assignment, right) : ((Assignment)right, left);
        if (other is Relation relation && relation.Operators is ['='])
            return _relations.AreEqual(AsRelation(named), relation);
        return AreEqual(named.Value, other);
    }

    private static Relation AsRelation(Assignment assignment) => new([assignment.Name, assignment.Value], ['=']);

    /// <summary>Units convert where both are known; one side may leave its unit out, and unknown words count for nothing.</summary>
    private bool AreEqualQuantities(Expression left, Expression right)
    {
        if (left is not Quantity one || right is not Quantity two)
        {
            var (quantity, other) = left is Quantity only ? (only, right) : ((Quantity)right, left);
            // 5 m in plain text reads as a product.
            if (other is Product { Factors: [.., Symbol letter] } product && letter.Name == quantity.Unit)
                other = new Product([.. product.Factors.SkipLast(1)]);
            // An answer in millions may leave that word out too.
            var isCounted = !UnitTable.Multiple(quantity.Unit).IsOne;
            return AreEqual(Counted(quantity), other) || (!_strict && isCounted && AreEqual(quantity.Value, other));
        }
        var (oneUnit, twoUnit) = (UnitTable.Find(one.Unit), UnitTable.Find(two.Unit));
        if (oneUnit is not { } first || twoUnit is not { } second)
            return (!_strict || one.Unit == two.Unit) && AreEqual(Counted(one), Counted(two));
        if (first.Dimension != second.Dimension)
            return false;
        return AreEqual(Scaled(one.Value, first.Size), Scaled(two.Value, second.Size));
    }

    /// <summary>5 million dollars as 5000000.</summary>
    private static Expression Counted(Quantity quantity) => Scaled(quantity.Value, UnitTable.Multiple(quantity.Unit));

    private static Expression Scaled(Expression value, Rational size) => size.IsOne ? value : new Product([value, NumberLiteral.Of(size)]);

    /// <summary>28% is 0.28 and, as answers often drop the sign, 28; strictly it is 0.28 alone.</summary>
    private bool AreEqualPercentages(Expression left, Expression right)
    {
        if (left is Percentage one && right is Percentage two)
            return AreEqual(one.Value, two.Value);
        var (percentage, other) = left is Percentage first ? (first, right) : ((Percentage)right, left);
        return AreEqualScalars(percentage, other) || (!_strict && AreEqual(percentage.Value, other));
    }

    /// <summary>90 degrees are pi/2 and, as answers often drop the sign, 90; strictly they are pi/2 alone.</summary>
    private bool AreEqualDegrees(Expression left, Expression right)
    {
        if (left is Degrees one && right is Degrees two)
            return AreEqual(one.Value, two.Value);
        var (degrees, other) = left is Degrees first ? (first, right) : ((Degrees)right, left);
        return AreEqualScalars(degrees, other) || (!_strict && AreEqual(degrees.Value, other));
    }

    /// <summary>As sets of reals where both are; else as conditions up to a positive factor, or part by part.</summary>
    private bool AreEqualSets(Expression left, Expression right)
    {
        if (_sets.Read(left) is { } one && _sets.Read(right) is { } two)
        {
            return one.Intervals.Count == two.Intervals.Count
                && one.Intervals.Zip(two.Intervals).All(pair => AreEqualIntervals(pair.First, pair.Second))
                && (left is not Relation || right is not Relation || VariablesOf(left).SetEquals(VariablesOf(right)));
        }
        return (left, right) switch
        {
            (Relation first, Relation second) => _relations.AreEqual(first, second),
            (SetOperation first, SetOperation second) when first.Operation == second.Operation =>
                (AreEqual(first.Left, second.Left) && AreEqual(first.Right, second.Right))
                || (first.Operation != '\\' && AreEqual(first.Left, second.Right) && AreEqual(first.Right, second.Left)),
            (Sequence, Sequence) => _sequences.AreEqual(left, right),
            _ => false,
        };
    }

    private static HashSet<string> VariablesOf(Expression expression)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        ExpressionTree.Any(expression, part =>
        {
            if (part is Symbol symbol && !ConstantNames.IsConstant(symbol.Name))
                names.Add(symbol.Name);
            return false;
        });
        return names;
    }

    private bool AreEqualIntervals(RealInterval left, RealInterval right) =>
        left.ClosedLow == right.ClosedLow && left.ClosedHigh == right.ClosedHigh
        && AreEqualEndpoints(left.Low, right.Low) && AreEqualEndpoints(left.High, right.High);

    private bool AreEqualEndpoints(Endpoint left, Endpoint right) =>
        left.Infinity == right.Infinity && (left.Infinity != 0 || AreEqualScalars(left.Expression, right.Expression));

    /// <summary>
    /// Ratios up to scaling, and 3:4 is 3/4. With a zero part (`12:00`) or two digits of minutes (`4:05`) they are times, equal part by
    /// part.
    /// </summary>
    private bool AreEqualRatios(Expression left, Expression right)
    {
        if (left is not Ratio one || right is not Ratio two)
        {
            var (ratio, other) = left is Ratio only ? (only, right) : ((Ratio)right, left);
            return !_strict && ratio.Parts.Count == 2 && !IsTime(ratio) && other is not Sequence
                && AreEqualScalars(new Quotient(ratio.Parts[0], ratio.Parts[1]), other);
        }
        if (one.Parts.Count != two.Parts.Count)
            return false;
        if (IsTime(one) || IsTime(two))
            return one.Parts.Zip(two.Parts).All(pair => AreEqual(pair.First, pair.Second));
        return one.Parts.Zip(two.Parts).Skip(1).All(pair => AreEqualScalars(
            new Product([pair.First, two.Parts[0]]), new Product([pair.Second, one.Parts[0]])));
    }

    private static bool IsTime(Ratio ratio) => ratio.Parts.Any(part =>
        part is not NumberLiteral number ? part is Quantity : number.Value.IsZero || (number.Digits.Length > 1 && number.Digits[0] == '0'));

    private bool AreEqualMatrices(Expression left, Expression right)
    {
        var arithmetic = new MatrixArithmetic(_budget);
        if (arithmetic.Of(left) is not { } one || arithmetic.Of(right) is not { } two)
            return !_strict && AreEqualVectors(arithmetic, left, right);
        return one.Rows.Count == two.Rows.Count && one.Rows[0].Count == two.Rows[0].Count
            && one.Rows.Zip(two.Rows).All(rows => rows.First.Zip(rows.Second).All(pair => AreEqual(pair.First, pair.Second)));
    }

    /// <summary>A matrix of one row or column and a tuple are the same vector; nested brackets are a matrix.</summary>
    private bool AreEqualVectors(MatrixArithmetic arithmetic, Expression left, Expression right)
    {
        var (matrix, other) = arithmetic.Of(left) is { } first ? (first, right) : (arithmetic.Of(right), left);
        if (matrix is null || other is not Sequence { IsList: false, IsSet: false } tuple)
            return false;
        if (tuple.Items.All(item => item is Sequence))
            return AreEqual(matrix, new Matrix([.. tuple.Items.Select(item => ((Sequence)item).Items)]));
        var isVector = matrix.Rows.Count == 1 || matrix.Rows[0].Count == 1;
        Expression[] entries = [.. matrix.Rows.SelectMany(row => row)];
        return isVector && entries.Length == tuple.Items.Count && entries.Zip(tuple.Items).All(pair => AreEqual(pair.First, pair.Second));
    }
}
