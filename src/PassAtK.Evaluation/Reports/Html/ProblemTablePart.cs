using PassAtK.Evaluation.Reports.Plots;
using PassAtK.Evaluation.Reports.Samples;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>All problems in one table that sorts and searches; a row opens its samples where there are any.</summary>
internal static class ProblemTablePart
{
    private const int QuestionCharacters = 130;
    private const int HeadingCharacters = 12;

    public static Markup Render(IReadOnlyList<string> runs, IReadOnlyList<PageProblem> problems)
    {
        var columns = TableColumn.All(runs, problems);
        var hasSamples = problems.Any(problem => problem.Runs.Any(run => run.Samples is not null));
        var note = hasSamples
            ? "Choose a problem to read it: prompt, answers with their verdicts, samples. Tokens are means over its samples."
            : "These runs are counts of correct samples; the samples themselves are not in the files, so there are none to read.";
        return Markup.Of(
            $"""
            <section class="problems" aria-labelledby="problems-title">
            <h2 id="problems-title">Problems</h2>
            <p class="note">{note}</p>
            <div class="tools" hidden id="tools">
            <label>Search <input type="search" id="search" autocomplete="off" placeholder="id, question or answer"></label>
            {Filter(runs, problems)}<output id="found" role="status"></output>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="problems-title">
            <table id="problems"><thead><tr>{Heading("problem", "problem", null)}{Markup.Join(columns, column => Heading(column.Title, column.Style, column.Of))}</tr></thead>
            <tbody>
            {Markup.Join(problems.Select((problem, index) => Row(problem, index, columns, runs)))}</tbody></table>
            </div>
            </section>

            """);
    }

    // The name of a run may be long: what the column holds has a line of its own, and the whole name is in the tooltip.
    private static Markup Heading(string title, string style, string? of)
    {
        var name = of is null ? Markup.Of($"{title}") : Markup.Of($"<span class=\"what\">{of} </span><span class=\"run\">{Legend.Shortened(title, HeadingCharacters)}</span>");
        return Markup.Of(
            $"<th scope=\"col\" class=\"{style}\"><button type=\"button\" class=\"sort\" title=\"{(of is null ? title : $"{of}, {title}")}\">{name}</button></th>");
    }

    private static Markup Filter(IReadOnlyList<string> runs, IReadOnlyList<PageProblem> problems)
    {
        if (runs.Count == 1)
            return Markup.Empty;
        var sets = problems.Select(problem => TableColumn.SolvedBy(problem, runs)).Distinct().Order(StringComparer.Ordinal);
        return Markup.Of(
            $"<label>Solved by <select id=\"solved\"><option value=\"\">any</option>{Markup.Join(sets, set => Markup.Of($"<option>{set}</option>"))}</select></label>\n");
    }

    private static Markup Row(PageProblem problem, int index, IReadOnlyList<TableColumn> columns, IReadOnlyList<string> runs)
    {
        var opens = problem.Runs.Any(run => run.Samples is not null);
        var name = opens ? Markup.Of($"<a href=\"#p{index}\">{problem.Id}</a>") : Markup.Of($"{problem.Id}");
        var question = problem.Question is { Start: var start } && start != problem.Id
            ? Markup.Of($"<span class=\"question\">{Beginning(start.ReplaceLineEndings(" ").Trim())}</span>")
            : Markup.Empty;
        var set = runs.Count > 1 ? Markup.Of($" data-set=\"{TableColumn.SolvedBy(problem, runs)}\"") : Markup.Empty;
        return Markup.Of(
            $"<tr data-index=\"{index}\"{set}><th scope=\"row\" class=\"problem\" data-value=\"{problem.Id}\">{name}{question}</th>{Markup.Join(columns, Cell)}</tr>\n");

        static string Beginning(string text) => TextExcerpt.Of(text, QuestionCharacters) is { LeftOut: > 0 } cut ? cut.Start + "…" : text;

        Markup Cell(TableColumn column) => column.Value(problem) switch
        {
            double number => Markup.Of($"<td class=\"{column.Style}\" data-value=\"{number}\">{column.Cell(problem)}</td>"),
            string text => Markup.Of($"<td class=\"{column.Style}\" data-value=\"{text}\">{column.Cell(problem)}</td>"),
            _ => Markup.Of($"<td class=\"{column.Style}\">{column.Cell(problem)}</td>"),
        };
    }
}
