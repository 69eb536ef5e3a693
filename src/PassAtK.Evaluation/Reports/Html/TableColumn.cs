using System.Globalization;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>A column of the problem table.</summary>
/// <param name="Title">Its heading: the run's name where it is of one of several runs.</param>
/// <param name="Style">Class of its cells.</param>
/// <param name="Cell">What a row shows there.</param>
/// <param name="Value">What rows are sorted by: a number or a text; null goes last.</param>
internal sealed record TableColumn(string Title, string Style, Func<PageProblem, Markup> Cell, Func<PageProblem, object?> Value)
{
    /// <summary>What a column of a run's name holds, a line above the name; null for other columns.</summary>
    public string? Of { get; init; }

    /// <summary>The columns of a page over these runs, the problem itself excepted.</summary>
    public static IReadOnlyList<TableColumn> All(IReadOnlyList<string> runs, IReadOnlyList<PageProblem> problems)
    {
        var columns = new List<TableColumn>();
        for (var run = 0; run < runs.Count; run++)
            columns.Add(Named("correct", run, Correct));
        if (runs.Count == 2)
        {
            columns.Add(new(
                "difference", "number wide-only", problem => Markup.Of($"{Signed(Difference(problem))}"), problem => Difference(problem)));
        }
        if (runs.Count > 1)
        {
            columns.Add(new(
                "solved by", "set", problem => Markup.Of($"{SolvedBy(problem, runs)}"), problem => SolvedBy(problem, runs)));
        }
        if (problems.Any(problem => problem.Chance is not null))
        {
            var percent = new ChancePercent(problems.Select(problem => problem.Chance));
            columns.Add(new(
                "chance", "number wide-only", problem => Markup.Of($"{(problem.Chance is { } chance ? percent.Text(chance) : "–")}"),
                problem => problem.Chance));
        }
        for (var run = 0; run < runs.Count; run++)
        {
            if (problems.Any(problem => problem.Runs[run].Samples is not null))
                columns.Add(Named("tokens", run, Tokens));
        }
        return columns;

        TableColumn Named(string what, int run, Func<string, int, TableColumn> column) =>
            runs.Count == 1 ? column(what, run) : column(runs[run], run) with { Of = what };
    }

    /// <summary>Which runs solve a problem at all.</summary>
    public static string SolvedBy(PageProblem problem, IReadOnlyList<string> runs)
    {
        if (problem.Runs.Any(run => run.Counts is null))
            return runs.Count == 2 ? "not in both" : "not in all";
        var solved = problem.Runs.Select((run, index) => (run, index)).Where(entry => entry.run.Counts!.Correct > 0).ToArray();
        return solved.Length switch
        {
            0 => runs.Count == 2 ? "neither" : "none",
            1 => $"only {runs[solved[0].index]}",
            var all when all == runs.Count => runs.Count == 2 ? "both" : "all",
            var some => $"{Figures.Whole(some)} of {Figures.Whole(runs.Count)}",
        };
    }

    private static TableColumn Correct(string title, int run) => new(
        title, "number",
        problem => problem.Runs[run].Counts is { } counts
            ? Markup.Of($"<span class=\"count\">{counts.Correct}<span class=\"of\"> / {counts.Samples}</span></span>{Bar(counts.Correct, counts.Samples, run)}")
            : Markup.Of($"–"),
        problem => problem.Runs[run].Counts is { } counts ? (double)counts.Correct / counts.Samples : null);

    private static TableColumn Tokens(string title, int run) => new(
        title, "number wide-only",
        problem => Markup.Of($"{problem.Runs[run].Samples?.MeanTokens.ToString("0.0", CultureInfo.InvariantCulture) ?? "–"}"),
        problem => problem.Runs[run].Samples?.MeanTokens);

    // A few thousandths of a bar are drawn as one that can be seen.
    private static Markup Bar(int correct, int samples, int run) => Markup.Of(
        $"""<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="f{run}" width="{(correct == 0 ? 0 : Math.Max(2, (long)Math.Round(100.0 * correct / samples)))}" height="6"/></svg>""");

    private static double? Difference(PageProblem problem) =>
        problem.Runs[0].Counts is { } first && problem.Runs[1].Counts is { } second
            ? ((double)second.Correct / second.Samples) - ((double)first.Correct / first.Samples)
            : null;

    private static string Signed(double? share) => share is { } value ? Figures.SignedPercent(value) : "–";
}
