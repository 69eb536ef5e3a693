using System.Globalization;
using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>C's strftime in the C locale, with glibc's `-` flag that drops padding.</summary>
internal static class StrftimeFormat
{
    public static StringValue Format(Rendering rendering, string format, DateTimeOffset time)
    {
        var output = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                output.Append(format[i]);
                continue;
            }
            var unpadded = format[++i] == '-' && i + 1 < format.Length;
            if (unpadded)
                i++;
            var field = Field(format[i], time) ?? throw rendering.Fail($"strftime_now() does not know '%{format[i]}'");
            output.Append(unpadded ? WithoutPadding(field) : field);
        }
        return rendering.Text(output.ToString());
    }

    private static string WithoutPadding(string field)
    {
        var trimmed = field.TrimStart('0', ' ');
        return trimmed.Length == 0 ? "0" : trimmed;
    }

    private static string? Field(char letter, DateTimeOffset time) => letter switch
    {
        'a' => Net("ddd", time),
        'A' => Net("dddd", time),
        'b' or 'h' => Net("MMM", time),
        'B' => Net("MMMM", time),
        'c' => Net("ddd MMM ", time) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + Net(" HH:mm:ss yyyy", time),
        'd' => Net("dd", time),
        'D' or 'x' => Net("MM/dd/yy", time),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'f' => Net("ffffff", time),
        'F' => Net("yyyy-MM-dd", time),
        'H' => Net("HH", time),
        'I' => Net("hh", time),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'm' => Net("MM", time),
        'M' => Net("mm", time),
        'n' => "\n",
        'p' => Net("tt", time),
        'R' => Net("HH:mm", time),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Net("ss", time),
        't' => "\t",
        'T' or 'X' => Net("HH:mm:ss", time),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'y' => Net("yy", time),
        'Y' => Net("yyyy", time),
        'z' or 'Z' => "",
        '%' => "%",
        _ => null,
    };

    private static string Net(string format, DateTimeOffset time) => time.ToString(format, CultureInfo.InvariantCulture);
}
