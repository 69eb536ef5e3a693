using System.Globalization;
using System.Numerics;
using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// Python's `format % values` with the conversions s, r, d, i, x, X, f and %, the flags `-`, `0` and `+`, width and precision.
/// </summary>
internal static class PercentFormat
{
    public static StringValue Format(Rendering rendering, string format, TemplateValue values)
    {
        var items = values is TupleValue tuple ? tuple.Items : [values];
        var output = new StringBuilder();
        var used = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                output.Append(format[i]);
                continue;
            }
            var spec = Specification.Parse(rendering, format, ref i);
            if (spec.Conversion == '%')
            {
                output.Append('%');
                continue;
            }
            if (used == items.Count)
                throw rendering.Fail($"the format '{format}' needs more than {used} values");
            output.Append(spec.Pad(Convert(rendering, spec, items[used++])));
            rendering.WorkOnText(output.Length);
        }
        if (used < items.Count && values is not DictValue)
            throw rendering.Fail($"the format '{format}' uses {used} of {items.Count} values");
        return rendering.Text(output.ToString());
    }

    private static string Convert(Rendering rendering, Specification spec, TemplateValue value)
    {
        if (spec.Conversion is 's' or 'r')
        {
            var text = spec.Conversion == 's' ? PythonText.Str(rendering, value) : PythonText.Repr(rendering, value);
            return spec.Precision is { } length && CodePoints.Count(text) > length
                ? CodePoints.Join(CodePoints.Split(text).Take(length))
                : text;
        }
        if (!Number.TryGet(value, out var number))
            throw rendering.Fail($"'%{spec.Conversion}' needs a number, found {value.TypeName}");
        var digits = spec.Conversion switch
        {
            'd' or 'i' => Whole(rendering, number).ToString(CultureInfo.InvariantCulture),
            'x' or 'X' when !number.IsFloat => Hexadecimal(number.Integer, spec.Conversion == 'X'),
            'f' or 'F' => Fixed(number.AsFloat, spec.Precision ?? 6),
            _ => throw rendering.Fail($"'%{spec.Conversion}' does not fit {value.Described}"),
        };
        return spec.Plus && digits[0] != '-' ? "+" + digits : digits;
    }

    private static BigInteger Whole(Rendering rendering, Number number)
    {
        if (!number.IsFloat)
            return number.Integer;
        return double.IsFinite(number.Float) ? new BigInteger(number.Float) : throw rendering.Fail("'%d' needs a finite number");
    }

    private static string Hexadecimal(BigInteger value, bool upper)
    {
        var digits = BigInteger.Abs(value).ToString(upper ? "X" : "x", CultureInfo.InvariantCulture).TrimStart('0');
        return (value.Sign < 0 ? "-" : "") + (digits.Length == 0 ? "0" : digits);
    }

    private static string Fixed(double value, int precision)
    {
        if (!double.IsFinite(value))
            return PythonFloat.Repr(value);
        var rounded = PythonFloat.Round(value, precision);
        return rounded.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private readonly record struct Specification(bool Left, bool Zero, bool Plus, int Width, int? Precision, char Conversion)
    {
        private const int MaxWidth = 1000;

        /// <summary>
        /// Reads the specification that starts at the '%' at <paramref name="at"/> and leaves it on the conversion letter.
        /// </summary>
        public static Specification Parse(Rendering rendering, string format, ref int at)
        {
            var start = at++;
            var flagsEnd = at;
            while (flagsEnd < format.Length && format[flagsEnd] is '-' or '0' or '+')
                flagsEnd++;
            var flags = format[at..flagsEnd];
            at = flagsEnd;
            var width = ReadCount(format, ref at);
            int? precision = null;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = ReadCount(format, ref at);
            }
            if (at >= format.Length || !"srdixXfF%".Contains(format[at]) || width > MaxWidth || precision > MaxWidth)
                throw rendering.Fail($"the conversion '{format[start..Math.Min(at + 1, format.Length)]}' is not supported");
            return new Specification(flags.Contains('-'), flags.Contains('0'), flags.Contains('+'), width, precision, format[at]);
        }

        private static int ReadCount(string format, ref int at)
        {
            var count = 0;
            for (; at < format.Length && char.IsAsciiDigit(format[at]); at++)
                count = Math.Min((count * 10) + format[at] - '0', MaxWidth + 1);
            return count;
        }

        public string Pad(string text)
        {
            var missing = Math.Max(0, Width - CodePoints.Count(text));
            if (Left)
                return text + new string(' ', missing);
            if (!Zero || Conversion is 's' or 'r')
                return new string(' ', missing) + text;
            return text.Insert(text[0] is '-' or '+' ? 1 : 0, new string('0', missing));
        }
    }
}
