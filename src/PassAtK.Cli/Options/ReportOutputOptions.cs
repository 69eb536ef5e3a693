using System.CommandLine;
using PassAtK.Cli.Rendering;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Cli.Options;

/// <summary>The options that say what else a report is written to, shared by `report`, `compare` and `demo`.</summary>
internal sealed class ReportOutputOptions
{
    private readonly Option<string?> _html = new("--html") { Description = "Write the report as one HTML page, problems and samples included" };

    private readonly Option<string?> _htmlSize = new("--html-size") { Description = "Room for samples in the page [default: 12MB]" };

    private readonly Option<string?> _svg = new("--svg") { Description = "Write every figure to this folder as SVG" };

    private readonly Option<string?> _csv = new("--csv") { Description = "Write every figure's numbers to this folder as CSV" };

    public void AddTo(Command command)
    {
        Option[] options = [_html, _htmlSize, _svg, _csv];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>Refuses what is wrong with the options before any work is done for them.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="hasPage">Whether a page is written without --html as well.</param>
    /// <exception cref="UsageException">--html-size without a page, or not a size.</exception>
    /// <exception cref="Engine.InputException">There can be no such file.</exception>
    public void Check(ParseResult arguments, bool hasPage = false)
    {
        if (Html(arguments) is { } path)
            OutputFile.Require(_html.Name, path);
        foreach (var option in new[] { _svg, _csv })
        {
            if (arguments.GetValue(option) is { } folder)
                OutputFile.RequireFolder(option.Name, folder);
        }
        Limits(arguments, hasPage || Html(arguments) is not null);
    }

    /// <summary>Where the page is asked for; null where it is not.</summary>
    public string? Html(ParseResult arguments) => arguments.GetValue(_html);

    /// <summary>Writes what the command line asks for and says so on standard error.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="figures">The report's figures.</param>
    /// <param name="page">Makes the page within its limits.</param>
    /// <param name="html">Where the page goes where no option says so; null for none.</param>
    /// <exception cref="UsageException">--html-size without --html.</exception>
    public void Write(ParseResult arguments, Func<IReadOnlyList<ReportFigure>> figures, Func<PageLimits, string> page, string? html = null)
    {
        html = arguments.GetValue(_html) ?? html;
        var limits = Limits(arguments, hasPage: html is not null);
        var (svg, csv) = (arguments.GetValue(_svg), arguments.GetValue(_csv));
        if (svg is not null || csv is not null)
        {
            var drawn = figures();
            foreach (var (option, folder) in new[] { (_svg, svg), (_csv, csv) })
            {
                if (folder is null)
                    continue;
                OutputFile.Write(
                    option.Name, folder,
                    () => ReportFigure.Export(drawn, svgFolder: option == _svg ? folder : null, csvFolder: option == _csv ? folder : null));
                Terminal.Note($"{folder}: {string.Join(", ", drawn.Select(figure => figure.Name))}");
            }
        }
        if (html is null)
            return;
        var text = page(limits);
        OutputFile.Write(_html.Name, html, () => File.WriteAllText(html, text));
        Terminal.Note($"{html}: the report as a page ({ByteSize.Text(new FileInfo(html).Length)})");
    }

    private PageLimits Limits(ParseResult arguments, bool hasPage)
    {
        if (arguments.GetValue(_htmlSize) is not { } size)
            return PageLimits.Default;
        return hasPage
            ? PageLimits.Default with { SampleBytes = OptionValues.Bytes(size, "--html-size") }
            : throw new UsageException("--html-size is given without --html.");
    }
}
