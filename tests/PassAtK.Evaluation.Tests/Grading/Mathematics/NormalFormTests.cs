using CsCheck;
using PassAtK.Evaluation.Grading.Mathematics;

namespace PassAtK.Evaluation.Tests.Grading.Mathematics;

/// <summary>Normal forms against exact evaluation: both are computed from the same expression by different ways.</summary>
public sealed class NormalFormTests
{
    private static Gen<Expression> Leaves { get; } = Gen.OneOf(
        Gen.Char['x', 'z'].Select(name => (Expression)new Symbol(name.ToString())),
        Gen.Int[-5, 5].Select(value => (Expression)NumberLiteral.Of(value)));

    private static Gen<Expression> Polynomials { get; } = Gen.Recursive<Expression>((depth, inner) => depth > 4
        ? Leaves
        : Gen.OneOf(
            Leaves,
            Gen.Select(inner, inner, (a, b) => (Expression)new Sum([a, b])),
            Gen.Select(inner, inner, (a, b) => (Expression)new Product([a, b])),
            inner.Select(a => (Expression)new Power(a, NumberLiteral.Of(2))),
            Gen.Select(
                inner, Gen.Int[1, 5],
                (a, b) => (Expression)new Quotient(a, new Sum([NumberLiteral.Of(b), new Power(new Symbol("z"), NumberLiteral.Of(2))])))));

    [Fact]
    public void Forms_are_equal_exactly_when_the_values_are() =>
        Gen.Select(Polynomials, Polynomials).Sample(
            (left, right) => SameForm(left, right) is not { } same || same == SameValues(left, right), iter: 3_000);

    [Fact]
    public void A_form_survives_that_every_variable_is_shifted_and_shifted_back() =>
        Polynomials.Sample(
            expression => SameForm(expression, Shifted(Shifted(expression, 1), -1)) is null or true,
            iter: 1_000);

    [Theory]
    [InlineData(@"\sqrt{12}", @"2\sqrt{3}")]
    [InlineData(@"\sqrt{2}\sqrt{3}", @"\sqrt{6}")]
    [InlineData(@"\sqrt[3]{16}", @"2\sqrt[3]{2}")]
    [InlineData(@"\frac{1}{\sqrt[3]{4}}", @"\frac{\sqrt[3]{2}}{2}")]
    [InlineData(@"\sqrt{\frac{21}{2}}", @"\frac{\sqrt{42}}{2}")]
    [InlineData("i^3", "-i")]
    [InlineData(@"\sqrt{-4}", "2i")]
    [InlineData("(1+i)^8", "16")]
    [InlineData(@"(\sqrt{x+1})^2", "x+1")]
    [InlineData(@"\sqrt{4x+8}", @"2\sqrt{x+2}")]
    [InlineData(@"\sqrt{\pi^2}", @"\pi")]
    [InlineData("4^{3/2}", "8")]
    public void Roots_have_one_form(string left, string right) =>
        Assert.True(SameForm(ExpressionParser.Parse(left)!, ExpressionParser.Parse(right)!));

    /// <summary>Null where a form exceeds its budget.</summary>
    private static bool? SameForm(Expression left, Expression right)
    {
        try
        {
            var budget = new WorkBudget(1_000_000);
            var forms = new NormalForm(budget);
            return forms.Of(left).Difference(forms.Of(right), budget).IsZero;
        }
        catch (WorkLimitException)
        {
            return null;
        }
    }

    /// <summary>Rational functions of degree below 100 that agree at so many points of a curve are the same.</summary>
    private static bool SameValues(Expression left, Expression right)
    {
        for (var point = 1; point <= 40; point++)
        {
            Rational At(string name) => name switch { "x" => new(point * 7919), "y" => new(point * point + 3, 17), _ => new(point + 101, 5) };
            if (ExactValue.Of(Substituted(left, At)) != ExactValue.Of(Substituted(right, At)))
                return false;
        }
        return true;
    }

    private static Expression Substituted(Expression expression, Func<string, Rational> value) =>
        expression is Symbol symbol
            ? NumberLiteral.Of(value(symbol.Name))
            : ExpressionTree.Map(expression, part => Substituted(part, value));

    private static Expression Shifted(Expression expression, int by) =>
        expression is Symbol ? new Sum([expression, NumberLiteral.Of(by)]) : ExpressionTree.Map(expression, part => Shifted(part, by));
}
