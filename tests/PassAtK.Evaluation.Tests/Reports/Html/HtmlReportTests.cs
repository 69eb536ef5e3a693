using System.Text.Json;
using System.Text.RegularExpressions;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Tests.Estimation;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Reports.Html;

public sealed partial class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void No_text_of_a_run_becomes_markup_or_ends_the_data()
    {
        var page = Page();
        Assert.Equal(2, Count(page, "<script"));
        Assert.Equal(2, Count(page, "</script>"));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", page, StringComparison.Ordinal);

        var problem = Data(page).GetProperty("problems")[3];
        Assert.Equal($"p3 {HostileRun.Attack}", problem.GetProperty("id").GetString());
        Assert.Equal(
            $"User: Question 3? {HostileRun.Attack}\nAssistant:", problem.GetProperty("runs")[0].GetProperty("prompt").GetString());
        Assert.Contains(
            $"sample 0 says {HostileRun.Attack}",
            problem.GetProperty("runs")[1].GetProperty("samples").EnumerateArray().Select(sample => sample[0].GetString()));
    }

    [Fact]
    public void The_page_loads_nothing_and_its_policy_names_the_hashes_of_its_own_style_and_script()
    {
        var page = Page();
        Assert.DoesNotMatch(Loading(), page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.DoesNotMatch(InlineStyle(), page);
        Assert.DoesNotMatch(Handler(), page);
        var policy = Policy().Match(page).Groups[1].Value.Replace("&#x27;", "'", StringComparison.Ordinal).Replace(
            "&#x2B;", "+", StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        foreach (var (open, close) in new[] { ("<style>", "</style>"), ("<script>", "</script>") })
        {
            var start = page.IndexOf(open, StringComparison.Ordinal) + open.Length;
            var content = page[start..page.IndexOf(close, start, StringComparison.Ordinal)];
            var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content));
            Assert.Contains($"'sha256-{Convert.ToBase64String(hash)}'", policy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_problem_has_a_row_with_its_counts_and_every_answer_a_sample()
    {
        var page = Page();
        Assert.Equal(HostileRun.Problems, Count(page, "<tr data-index="));
        foreach (var (problem, index) in Data(page).GetProperty("problems").EnumerateArray().Select((problem, index) => (problem, index)))
        {
            var run = problem.GetProperty("runs")[0];
            Assert.Equal((HostileRun.Samples, index), (run.GetProperty("n").GetInt32(), run.GetProperty("c").GetInt32()));
            var answers = run.GetProperty("answers").EnumerateArray().ToArray();
            Assert.Equal(HostileRun.Samples, answers.Sum(answer => answer[2].GetInt32()));
            Assert.Equal(
                Enumerable.Range(0, answers.Length),
                run.GetProperty("samples").EnumerateArray().Select(sample => sample[4].GetInt32()).Distinct().Order());
            Assert.Equal(0, run.GetProperty("hidden").GetInt32());
            // Both runs got the same prompt: it is in the page once.
            Assert.False(problem.GetProperty("runs")[1].TryGetProperty("prompt", out _));
        }
    }

    [Fact]
    public void Equal_runs_give_equal_pages() => Assert.Equal(Page(), Page());

    [Fact]
    public void A_page_of_counts_says_that_there_are_no_samples_to_read()
    {
        PageRun Counts(string name, IReadOnlyList<ProblemCounts> problems) => new(new ReportedRun(new RunOutcome(name, problems)), null);
        var (left, right) = (Counts("base", PairedRuns.Base), Counts("other", PairedRuns.Other));
        var page = HtmlReport.Render(ComparisonReport.Of(left.Run.Outcome, right.Run.Outcome), left, right, []);
        Assert.Contains("there are none to read", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"#p", page, StringComparison.Ordinal);
        Assert.Equal(PairedRuns.Base.Count, Count(page, "<tr data-index="));

        var single = HtmlReport.Render(RunReport.Of(left.Run.Outcome), left);
        Assert.DoesNotContain(
            "crossover", single[single.IndexOf("<body>", StringComparison.Ordinal)..single.IndexOf("<dialog", StringComparison.Ordinal)],
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_counted_and_the_correct_ones_come_first()
    {
        var page = Page(new PageLimits { SampleBytes = 9_000 });
        Assert.True(page.Length < Page().Length);
        foreach (var run in Data(page).GetProperty("problems").EnumerateArray().SelectMany(problem => problem.GetProperty("runs").EnumerateArray()))
        {
            var samples = run.GetProperty("samples").EnumerateArray().ToArray();
            Assert.Equal(HostileRun.Samples, samples.Length + run.GetProperty("hidden").GetInt32());
            Assert.InRange(run.GetProperty("hidden").GetInt32(), 1, HostileRun.Samples - 1);
            if (run.GetProperty("c").GetInt32() > 0)
                Assert.True(run.GetProperty("answers")[samples[0][4].GetInt32()][1].GetBoolean());
        }
    }

    [Fact]
    public void Several_runs_make_one_page_with_a_row_against_the_first_and_the_samples_of_each()
    {
        Page();
        HostileRun.Write(_folder.File("third.passatk"), 0, 0, 0, 8, 8, 8);
        var page = HostileRun.CompareAll(_folder.File("base.passatk"), _folder.File("other.passatk"), _folder.File("third.passatk"));
        Assert.Equal(2, Count(page, "<script"));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        var series = page[page.IndexOf("<table id=\"series\">", StringComparison.Ordinal)..];
        Assert.Equal(2, Count(series[..series.IndexOf("</table>", StringComparison.Ordinal)], "<tr><th scope=\"row\">run "));
        // Solved by all: problems 3 to 5; by one run alone: problem 1; by two: problem 2; by none: problem 0.
        Assert.Equal((3, 1), (Count(page, "data-set=\"all\""), Count(page, "data-set=\"none\"")));
        Assert.Equal((1, 1), (Count(page, "data-set=\"only run 0"), Count(page, "data-set=\"2 of 3\"")));
        foreach (var (problem, index) in Data(page).GetProperty("problems").EnumerateArray().Select((problem, index) => (problem, index)))
        {
            var runs = problem.GetProperty("runs").EnumerateArray().ToArray();
            Assert.Equal([index, index < 2 ? 0 : 8, index < 3 ? 0 : 8], runs.Select(run => run.GetProperty("c").GetInt32()));
            Assert.All(runs, run => Assert.Equal(
                HostileRun.Samples, run.GetProperty("samples").GetArrayLength() + run.GetProperty("hidden").GetInt32()));
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Page(PageLimits? limits = null)
    {
        var (left, right) = (_folder.File("base.passatk"), _folder.File("other.passatk"));
        if (!File.Exists(left))
        {
            HostileRun.Write(left, 0, 1, 2, 3, 4, 5);
            HostileRun.Write(right, 0, 0, 8, 8, 8, 8);
        }
        return HostileRun.Compare(left, right, limits);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static JsonElement Data(string page)
    {
        const string Open = "<script type=\"application/json\" id=\"data\">";
        var start = page.IndexOf(Open, StringComparison.Ordinal) + Open.Length;
        return JsonDocument.Parse(page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)]).RootElement;
    }

    [GeneratedRegex("(src|href)=\"(?!#)|url\\(|@import|https?://")]
    private static partial Regex Loading();

    [GeneratedRegex("<[^>]* style=")]
    private static partial Regex InlineStyle();

    [GeneratedRegex("<[^>\"]* on[a-z]+=")]
    private static partial Regex Handler();

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();
}
