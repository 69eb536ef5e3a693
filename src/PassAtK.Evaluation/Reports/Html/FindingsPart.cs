using PassAtK.Evaluation.Reports.Findings;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>What the data show and do not, in plain words.</summary>
internal static class FindingsPart
{
    public static Markup Render(IReadOnlyList<Finding> findings)
    {
        var shown = Texts(FindingKind.Shown).DefaultIfEmpty("Nothing here is settled: no interval tells the runs apart.");
        return Markup.Of(
            $"""
            <section class="words" aria-labelledby="words-title">
            <h2 id="words-title">In plain words</h2>
            {Markup.Join(shown, text => Markup.Of($"<p class=\"shown\">{text}</p>\n"))}{List("What stays open", FindingKind.Open)}{List("What to keep in mind", FindingKind.Caution)}{List("What these data do not show", FindingKind.Limit)}</section>

            """);

        IEnumerable<string> Texts(FindingKind kind) => findings.Where(finding => finding.Kind == kind).Select(finding => finding.Text);

        Markup List(string title, FindingKind kind) => Texts(kind).Any()
            ? Markup.Of($"<h3>{title}</h3>\n<ul>{Markup.Join(Texts(kind), text => Markup.Of($"<li>{text}</li>"))}</ul>\n")
            : Markup.Empty;
    }
}
