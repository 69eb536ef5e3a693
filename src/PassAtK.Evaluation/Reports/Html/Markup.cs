using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>
/// Finished HTML. Made of an interpolated string whose literals are markup and whose holes are text: texts are escaped, numbers written
/// plainly, and only other markup goes in as it is. So no text of a model, a task or a person can become markup.
/// </summary>
internal readonly record struct Markup(string Html)
{
    public static Markup Empty { get; } = new("");

    public static Markup Of(MarkupHandler content) => new(content.ToString());

    /// <summary>One after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Html)));

    public static Markup Join<T>(IEnumerable<T> items, Func<T, Markup> render) => Join(items.Select(render));

    public override string ToString() => Html;
}

/// <summary>What the compiler makes of <see cref="Markup.Of"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct MarkupHandler(int literalLength, int holes)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _html = new(literalLength + (16 * holes));

    public void AppendLiteral(string markup) => _html.Append(markup);

    public void AppendFormatted(string? text) => _html.Append(text is null ? "" : Encoder.Encode(text));

    public void AppendFormatted(long number) => _html.Append(number.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(double number) => _html.Append(number.ToString("R", CultureInfo.InvariantCulture));

    public void AppendFormatted(Markup markup) => _html.Append(markup.Html);

    public override string ToString() => _html.ToString();
}
