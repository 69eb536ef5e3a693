using System.Buffers;
using System.Numerics;
using System.Text;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// One text for answers that are the same, as votes over samples need. Numbers, surds and polynomials are written from their normal form,
/// tuples and sets item by item; words stay words; what has no normal form is written as normalised LaTeX.
/// </summary>
internal static class CanonicalAnswer
{
    private const long Budget = 20_000;
    private const long ComparisonBudget = 200_000;
    private const int MostTerms = 12;

    private static readonly SearchValues<char> Decimal = SearchValues.Create("0123456789.");

    public static string Of(string answer)
    {
        var normalised = MathText.Normalise(answer);
        if (MathNumber.Read(normalised) is { } number)
            return Approximation(normalised) ?? number.ToString();
        try
        {
            var words = AnswerComparison.WordsOf(answer);
            // Words that only their marks make words, `\text{or}`, keep them.
            if (words is not null && AnswerComparison.WordsOf(words) != words)
                return answer.Trim();
            var meaning = words is null ? ExpressionParser.Parse(answer) : WordAnswer.Meaning(words);
            return (meaning is null ? null : Write(AnswerShape.Of(meaning), new NormalForm(new WorkBudget(Budget)))) ?? words
                ?? Plain(normalised, answer);
        }
        catch (Exception error) when (error is WorkLimitException or UndefinedValueException or UnreadableException)
        {
            return Plain(normalised, answer);
        }
    }

    /// <summary>Normalised LaTeX, unless normalising has changed what an odd answer says.</summary>
    private static string Plain(string normalised, string answer) =>
        AnswerComparison.Compare(normalised, answer, strict: false, ComparisonBudget).AreEqual ? normalised : answer.Trim();

    /// <summary>
    /// A decimal with so many digits that it may stand for another value stays one: as a fraction it could not be compared as it was. Null
    /// for any other number.
    /// </summary>
    private static string? Approximation(string number)
    {
        var sign = number.EndsWith('%') ? "%" : "";
        var text = number.TrimEnd('%').Replace(",", "", StringComparison.Ordinal).TrimStart('+');
        if (!text.Contains('.', StringComparison.Ordinal) || text.AsSpan().TrimStart('-').IndexOfAnyExcept(Decimal) >= 0)
            return null;
        text = text.TrimEnd('0');
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (text.Length - point - 1 < ScalarComparison.FewestDecimals || ScalarComparison.Significant(text) < ScalarComparison.FewestDigits)
            return null;
        var whole = text[..point].TrimStart('-').TrimStart('0');
        return $"{(text[0] == '-' ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{text[point..]}{sign}";
    }

    /// <summary>Null for what is left as it was written.</summary>
    private static string? Write(Expression expression, NormalForm forms)
    {
        switch (expression)
        {
            case Assignment assignment:
                return Write(assignment.Value, forms);
            case NumberLiteral { Digits: var digits } when Approximation(digits) is { } approximation:
                return approximation;
            case Percentage { Value: var value }:
                return Write(value, forms) + "%";
            case Quantity quantity:
                var multiple = UnitTable.Multiple(quantity.Unit);
                return Write(multiple.IsOne ? quantity.Value : new Product([quantity.Value, NumberLiteral.Of(multiple)]), forms);
            case Degrees degrees:
                return Write(degrees.Value, forms);
            case Sequence sequence:
                var items = sequence.Items.Select(item => Write(item, forms)).ToList();
                if (items.Contains(null))
                    return null;
                if (sequence.IsSet)
                    items.Sort(StringComparer.Ordinal);
                var inner = string.Join(',', items);
                return sequence.IsList ? inner : sequence.IsSet ? @"\{" + inner + @"\}" : sequence.Open + inner + sequence.Close;
            case Relation or SetOperation or Ratio or Numeral or Matrix or Record:
                return null;
            default:
                var form = forms.Of(expression);
                return form.Below.Number is { IsOne: true } ? Write(form.Above) : null;
        }
    }

    /// <summary>The terms by falling degree, then by name: `x^{2}-2x`, `\frac{\sqrt{3}}{2}`.</summary>
    private static string? Write(Polynomial polynomial)
    {
        if (polynomial.Number is { } number)
            return number.ToString();
        if (polynomial.Terms.Count > MostTerms || polynomial.Terms.Keys.Any(monomial => !monomial.Powers.All(IsPlain)))
            return null;
        var text = new StringBuilder();
        var terms = polynomial.Terms.Select(term => (Factors: Factors(term.Key), Degree: Degree(term.Key), Coefficient: term.Value));
        var ordered = terms.OrderByDescending(term => term.Degree).ThenBy(term => term.Factors, StringComparer.Ordinal);
        foreach (var (factors, _, coefficient) in ordered)
        {
            text.Append(coefficient.Sign < 0 ? "-" : text.Length > 0 ? "+" : "");
            var size = BigInteger.Abs(coefficient.Numerator);
            var above = size.IsOne && factors.Length > 0 ? factors : size + factors;
            text.Append(coefficient.IsInteger ? above : $@"\frac{{{above}}}{{{coefficient.Denominator}}}");
        }
        return text.ToString();
    }

    /// <summary>Square roots of primes, and whole powers of the rest.</summary>
    private static bool IsPlain((Atom Atom, Rational Exponent) power) => power.Atom.Kind switch
    {
        AtomKind.Prime => power.Exponent == new Rational(1, 2),
        AtomKind.Variable or AtomKind.Transcendental => power.Exponent.IsInteger && !power.Atom.Key.Contains('(', StringComparison.Ordinal),
        AtomKind.Imaginary => true,
        _ => false,
    };

    private static BigInteger Degree(Monomial monomial) =>
        monomial.Powers.Where(power => power.Atom.Kind == AtomKind.Variable)
            .Aggregate(BigInteger.Zero, (sum, power) => sum + power.Exponent.Numerator);

    private static string Factors(Monomial monomial)
    {
        var root = BigInteger.One;
        var letters = new StringBuilder();
        foreach (var (atom, exponent) in monomial.Powers)
        {
            if (atom.Kind == AtomKind.Prime)
                root *= atom.Whole;
            else
                letters.Append(Letter(atom.Key))
                    .Append(exponent.IsOne ? "" : exponent.Numerator < 10 ? $"^{exponent}" : $"^{{{exponent}}}");
        }
        return (root.IsOne ? "" : $@"\sqrt{{{root}}}") + letters;
    }

    private static string Letter(string key) => key switch
    {
        ConstantNames.Pi => @"\pi",
        ConstantNames.Infinity => @"\infty",
        ConstantNames.Empty => @"\emptyset",
        ConstantNames.Reals => @"\mathbb{R}",
        _ => key,
    };
}
