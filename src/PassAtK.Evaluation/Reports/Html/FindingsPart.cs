using PassAtK.Evaluation.Reports.Findings;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>What the data show and do not, in plain words.</summary>
internal static class FindingsPart
{
    public static Markup Render(IReadOnlyList<Finding> findings)
    {
        var shown = string.Join(' ', Texts(FindingKind.Shown));
        var lead = shown.Length > 0 ? shown : "Nothing here is settled: every interval that could tell the runs apart holds zero.";
        return Markup.Of(
            $"""
            <section class="words" aria-labelledby="words-title">
            <h2 id="words-title">In plain words</h2>
            <p class="shown">{lead}</p>
            {List("What stays open", FindingKind.Open)}{List("What to keep in mind", FindingKind.Caution)}{List("What these data do not show", FindingKind.Limit)}</section>

            """);

        IEnumerable<string> Texts(FindingKind kind) => findings.Where(finding => finding.Kind == kind).Select(finding => finding.Text);

        Markup List(string title, FindingKind kind) => Texts(kind).Any()
            ? Markup.Of($"<h3>{title}</h3>\n<ul>{Markup.Join(Texts(kind), text => Markup.Of($"<li>{text}</li>"))}</ul>\n")
            : Markup.Empty;
    }
}
