using System.Globalization;
using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Filters on numbers.</summary>
internal static class NumberFilters
{
    public static TemplateValue Abs(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("abs");
        var number = Read("abs", value, arguments);
        return number.IsFloat ? new FloatValue(Math.Abs(number.Float)) : new IntegerValue(BigInteger.Abs(number.Integer));
    }

    private static Number Read(string filter, TemplateValue value, CallArguments arguments)
    {
        if (Number.TryGet(value, out var number))
            return number;
        throw arguments.Rendering.Fail(
            value is UndefinedValue undefined ? undefined.Complaint : $"{filter} needs a number, found {value.TypeName}");
    }

    public static TemplateValue Round(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("round", "precision", "method");
        var precision = bound[0] is null ? 0 : arguments.ReadInteger(bound[0], "the precision of round");
        var method = bound[1] is null ? "common" : arguments.ReadText(bound[1], "the method of round");
        var number = Read("round", value, arguments);
        if (method is not ("common" or "ceil" or "floor"))
            throw rendering.Fail($"the method of round is '{method}', expected 'common', 'ceil' or 'floor'");
        if (method == "common")
            return number.IsFloat ? new FloatValue(PythonFloat.Round(number.Float, precision)) : RoundInteger(number.Integer, precision);
        var scale = Math.Pow(10, precision);
        var scaled = number.AsFloat * scale;
        if (!double.IsFinite(scaled) || scale == 0)
            throw rendering.Fail("round needs a finite number");
        return new FloatValue((method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / scale);
    }

    private static IntegerValue RoundInteger(BigInteger value, int precision)
    {
        if (precision >= 0)
            return new IntegerValue(value);
        if (precision < -3000)
            return new IntegerValue(0);
        var unit = BigInteger.Pow(10, -precision);
        return new IntegerValue(PythonFloat.RoundedDivision(BigInteger.Abs(value), unit) * unit * value.Sign);
    }

    public static TemplateValue Float(TemplateValue value, CallArguments arguments)
    {
        var fallback = arguments.Bind("float", "default")[0] ?? new FloatValue(0);
        if (value is UndefinedValue undefined)
            throw arguments.Rendering.Fail(undefined.Complaint);
        return TryReadFloat(value, out var number) ? new FloatValue(number) : fallback;
    }

    public static TemplateValue Int(TemplateValue value, CallArguments arguments)
    {
        var bound = arguments.Bind("int", "default", "base");
        var radix = bound[1] is null ? 10 : arguments.ReadInteger(bound[1], "the base of int");
        if (value is UndefinedValue undefined)
            throw arguments.Rendering.Fail(undefined.Complaint);
        if (value is StringValue text && IntegerText.TryParse(text.Value, radix, out var parsed))
            return new IntegerValue(parsed);
        if (Number.TryGet(value, out var number) && !number.IsFloat)
            return new IntegerValue(number.Integer);
        return TryReadFloat(value, out var real) && double.IsFinite(real)
            ? new IntegerValue(new BigInteger(real))
            : bound[0] ?? TemplateValue.Integer(0);
    }

    private static bool TryReadFloat(TemplateValue value, out double result)
    {
        if (Number.TryGet(value, out var number))
        {
            result = number.AsFloat;
            return true;
        }
        result = 0;
        if (value is not StringValue text)
            return false;
        var trimmed = PythonText.StripEnd(PythonText.StripStart(text.Value));
        switch (trimmed.TrimStart('+', '-').ToLowerInvariant())
        {
            case "inf" or "infinity" when trimmed.Length - trimmed.TrimStart('+', '-').Length < 2:
                result = trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            case "nan" when trimmed.Length < 5:
                result = double.NaN;
                return true;
        }
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return IntegerText.TryDropUnderscores(trimmed, out var digits)
            && digits.All(character => char.IsAsciiDigit(character) || "+-.eE".Contains(character))
            && double.TryParse(digits, style, CultureInfo.InvariantCulture, out result);
    }

    public static TemplateValue Sum(TemplateValue value, CallArguments arguments)
    {
        var bound = arguments.Bind("sum", "attribute", "start");
        var total = bound[1] ?? TemplateValue.Integer(0);
        if (total is StringValue)
            throw arguments.Rendering.Fail("sum cannot start from a str");
        foreach (var item in Iteration.Items(arguments.Rendering, value))
            total = Arithmetic.Apply(arguments.Rendering, "+", total, AttributePath.Get(arguments, item, bound[0]));
        return total;
    }
}
