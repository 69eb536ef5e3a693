namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Units by dimension and size, so that 100 cm are 1 m and no kilogram is a metre. Unknown words are units of no kind.</summary>
internal static class UnitTable
{
    private static readonly Dictionary<string, (string Dimension, Rational Size)> Units = new(StringComparer.Ordinal);

    private static readonly string[] Per = ["/", " per "];

    private static readonly Dictionary<string, Rational> Multiples = new(StringComparer.Ordinal)
    {
        ["hundred"] = 100,
        ["thousand"] = 1000,
        ["million"] = 1_000_000,
        ["billion"] = 1_000_000_000,
        ["trillion"] = new Rational(1_000_000_000_000),
    };

    static UnitTable()
    {
        Add("length", (1, "m meter meters metre metres"), (new Rational(1, 100), "cm centimeter centimeters centimetre centimetres"),
            (new Rational(1, 1000), "mm millimeter millimeters millimetre millimetres"),
            (1000, "km kilometer kilometers kilometre kilometres"),
            (new Rational(254, 10000), "in inch inches"), (new Rational(3048, 10000), "ft foot feet"),
            (new Rational(9144, 10000), "yd yard yards"),
            (new Rational(1609344, 1000), "mi mile miles"));
        Add("mass", (1, "g gram grams"), (1000, "kg kilogram kilograms"), (new Rational(1, 1000), "mg milligram milligrams"),
            (new Rational(45359237, 100000), "lb lbs pound pounds"),
            (new Rational(45359237, 1600000), "oz ounce ounces"), (1000000, "tonne tonnes"));
        Add("time", (1, "s sec secs second seconds"), (60, "min mins minute minutes"), (3600, "h hr hrs hour hours"), (86400, "day days"),
            (604800, "week weeks"), (31536000, "year years yr yrs"), (2628000, "month months"));
        Add("length3", (new Rational(1, 1000), "L l liter liters litre litres"), (new Rational(1, 1000000), "mL ml milliliter milliliters"),
            (new Rational(3785411784, 1000000000000), "gal gallon gallons"));
        Add("dollar", (1, "$ dollar dollars USD usd"), (new Rational(1, 100), "cent cents ¢"));
        Add("euro", (1, "€ euro euros EUR"));
        Add("sterling", (1, "£ GBP"));
        Add("yen", (1, "¥ yen yuan RMB"));
        Add("angle", (1, "rad radian radians"));
        Add("force", (1, "N newton newtons"));
        Add("energy", (1, "J joule joules"));
        Add("power", (1, "W watt watts"));
        Add("voltage", (1, "V volt volts"));
        Add("frequency", (1, "Hz hertz"));
        Add("length/time", (new Rational(1609344, 3600000), "mph"), (new Rational(1000, 3600), "kph kmh"));
        Add("celsius", (1, "°C"));
        Add("fahrenheit", (1, "°F"));
        Add("square", (1, "sq square"));
    }

    public static bool IsUnit(string word) => Units.ContainsKey(word);

    public static bool IsPercent(string unit) =>
        unit is "%" or "pct" or "percent" or "percents" or "per cent" or "percentage"
        || unit.StartsWith("percent ", StringComparison.Ordinal);

    public static bool IsDegree(string unit) => unit is "deg" or "degree" or "degrees" or "°";

    /// <summary>What the first word multiplies by: `million dollars` by a million; 1 for other words.</summary>
    public static Rational Multiple(string unit) => Multiples.GetValueOrDefault(unit.Split(' ')[0], Rational.One);

    /// <summary>
    /// Dimension and size of a unit, with its power (`cm^2`, `square cm`, `cubic feet`), its multiple (`million dollars`) or as a quotient
    /// of two (`km/h`, `miles per hour`); null for words that are none.
    /// </summary>
    public static (string Dimension, Rational Size)? Find(string unit)
    {
        if (Multiple(unit) is { IsOne: false } multiple)
            return Find(unit[unit.Split(' ')[0].Length..].Trim()) is { } counted ? (counted.Dimension, multiple * counted.Size) : null;
        if (unit.Split(Per, StringSplitOptions.TrimEntries) is [var above, var below])
            return Find(above) is { } one && Find(below) is { } two ? Quotient(one, two) : null;
        var power = 1;
        foreach (var (words, exponent) in new[] { ("square ", 2), ("sq ", 2), ("sq. ", 2), ("cubic ", 3), ("cu ", 3) })
        {
            if (unit.StartsWith(words, StringComparison.Ordinal))
                (unit, power) = (unit[words.Length..], exponent);
        }
        var mark = unit.IndexOf('^', StringComparison.Ordinal);
        if (mark > 0)
        {
            power = unit[(mark + 1)..].Trim('{', '}') switch { "2" => 2, "3" => 3, _ => 0 };
            unit = unit[..mark].Trim();
        }
        if (unit.EndsWith(" squared", StringComparison.Ordinal))
            (unit, power) = (unit[..^8], 2);
        if (power == 0 || !Units.TryGetValue(unit.TrimEnd('.'), out var found))
            return null;
        return (power == 1 ? found.Dimension : found.Dimension + power, found.Size.Power(power));
    }

    /// <summary>A price is one of money, whatever it is for: answers name that or leave it out.</summary>
    private static (string Dimension, Rational Size) Quotient(
        (string Dimension, Rational Size) above, (string Dimension, Rational Size) below) =>
        above.Dimension is "dollar" or "euro" or "sterling" or "yen"
            ? above
            : ($"{above.Dimension}/{below.Dimension}", above.Size / below.Size);

    private static void Add(string dimension, params ReadOnlySpan<(Rational Size, string Names)> units)
    {
        foreach (var (size, names) in units)
        {
            foreach (var name in names.Split(' '))
                Units[name] = (dimension, size);
        }
    }
}
