using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>Writes one SVG element. Every text is escaped; numbers have at most two decimals.</summary>
internal sealed class SvgCanvas
{
    public const int FontSize = 13;

    // An average letter of a sans-serif font over its height: enough to lay out short labels.
    private const double LetterWidth = 0.55;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _svg = new();

    public SvgCanvas(PlotSize size, string label)
    {
        _svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size.Width} {size.Height}" """);
        _svg.Append(CultureInfo.InvariantCulture, $"""role="img" aria-label="{Encoder.Encode(label)}" """);
        _svg.Append(CultureInfo.InvariantCulture, $"""font-family="system-ui,-apple-system,'Segoe UI',Roboto,sans-serif" font-size="{FontSize}">""");
    }

    public static double WidthOf(string text) => text.Length * LetterWidth * FontSize;

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{x1:0.##}" y1="{y1:0.##}" x2="{x2:0.##}" y2="{y2:0.##}" {style}/>""");

    public void Rectangle(double x, double y, double width, double height, string style, string? tooltip = null) => _svg.Append(
            CultureInfo.InvariantCulture, $"""<rect x="{x:0.##}" y="{y:0.##}" width="{Math.Max(0, width):0.##}" height="{Math.Max(0, height):0.##}" {style}>{Title(tooltip)}</rect>""");

    public void Text(double x, double y, string text, string style = SvgStyle.Muted, string anchor = "start") =>
        _svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x:0.##}" y="{y:0.##}" text-anchor="{anchor}" {style}>{Encoder.Encode(text)}</text>""");

    /// <summary>A line through the points, closed to an area where <paramref name="closed"/>.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string style, bool closed = false)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{x:0.##} {y:0.##}");
        _svg.Append(CultureInfo.InvariantCulture, $"""<path d="{path}{(closed ? "Z" : "")}" {style}/>""");
    }

    /// <summary>A series' own shape, so that colour is not all that tells it: circle, square, diamond, triangle in turn.</summary>
    public void Marker(double x, double y, int series)
    {
        var style = SvgStyle.Fill(series);
        switch (SvgStyle.Series(series) % 4)
        {
            case 0:
                _svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{x:0.##}" cy="{y:0.##}" r="3.4" {style}/>""");
                break;
            case 1:
                Rectangle(x - 3.2, y - 3.2, 6.4, 6.4, style);
                break;
            case 2:
                Path([(x, y - 4.6), (x + 4.6, y), (x, y + 4.6), (x - 4.6, y)], style, closed: true);
                break;
            default:
                Path([(x, y - 4.2), (x + 4.2, y + 3.4), (x - 4.2, y + 3.4)], style, closed: true);
                break;
        }
    }

    public string Finish() => _svg.Append("</svg>").ToString();

    private static string Title(string? tooltip) => tooltip is null ? "" : $"<title>{Encoder.Encode(tooltip)}</title>";
}
