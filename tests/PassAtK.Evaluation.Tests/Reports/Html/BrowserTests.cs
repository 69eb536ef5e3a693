using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Reports.Html;

/// <summary>
/// The page in a real browser: nothing complains, nothing is loaded, and what a reader does works with mouse and keyboard.
/// </summary>
public sealed class BrowserTests : IDisposable
{
    private const string Order = "[...document.querySelectorAll('#problems tbody tr')].map(row => Number(row.dataset.index)).join()";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public void The_page_loads_nothing_complains_of_nothing_and_fits_its_width(int width, bool dark)
    {
        using var page = Open(width, dark);
        Assert.True(page.Evaluate("document.documentElement.scrollWidth <= innerWidth").GetBoolean());
        // The settings of both runs are seen without scrolling.
        Assert.True(page.Evaluate(
            "(box => box.scrollWidth <= box.clientWidth)(document.querySelector('[aria-labelledby=\"settings-title\"].scroll'))")
            .GetBoolean());
        Assert.Equal(width < 560, page.Evaluate("getComputedStyle(document.querySelector('.plot.wide')).display === 'none'").GetBoolean());
        Assert.Equal(dark, page.Evaluate("matchMedia('(prefers-color-scheme: dark)').matches").GetBoolean());
        // Letters of a drawing are at least 10 CSS pixels high.
        Assert.True(page.Evaluate(
            "[...document.querySelectorAll('.plot svg')].filter(s => s.clientWidth > 0).every(s => 13 * s.clientWidth / s.viewBox.baseVal.width >= 10)").GetBoolean());
        // Text is told from its ground: 4.5 to 1 at least (WCAG 2.1, 1.4.3).
        Assert.InRange(page.Evaluate(Contrast("--muted")).GetDouble(), 4.5, 21);
        Assert.InRange(page.Evaluate(Contrast("--s1")).GetDouble(), 3, 21);
        AssertClean(page);
    }

    [Fact]
    public void A_heading_sorts_and_sorts_the_other_way()
    {
        using var page = Open();
        Assert.Equal("0,1,2,3,4,5", page.Evaluate(Order).GetString());
        page.Evaluate("document.querySelectorAll('.sort')[1].focus()");
        page.Press("Enter", "Enter", 13);
        Assert.Equal("5,4,3,2,1,0", page.Evaluate(Order).GetString());
        Assert.Equal("descending", page.Evaluate("document.querySelectorAll('#problems thead th')[1].ariaSort").GetString());
        page.Press("Enter", "Enter", 13);
        Assert.Equal("0,1,2,3,4,5", page.Evaluate(Order).GetString());
        AssertClean(page);
    }

    [Fact]
    public void Search_and_filter_leave_the_rows_that_fit()
    {
        using var page = Open();
        const string Shown = "[...document.querySelectorAll('#problems tbody tr')].filter(row => !row.hidden).map(row => row.dataset.index).join()";
        page.Evaluate("{ const box = document.getElementById('search'); box.value = 'GOLD-4'; box.dispatchEvent(new Event('input')); }");
        Assert.Equal("4", page.Evaluate(Shown).GetString());
        Assert.Equal("1 of 6 problems", page.Evaluate("document.getElementById('found').textContent").GetString());
        page.Evaluate("{ const box = document.getElementById('search'); box.value = ''; box.dispatchEvent(new Event('input')); }");
        page.Evaluate("{ const box = document.getElementById('solved'); box.value = 'both'; box.dispatchEvent(new Event('change')); }");
        Assert.Equal("2,3,4,5", page.Evaluate(Shown).GetString());
        AssertClean(page);
    }

    [Fact]
    public void A_problem_opens_shows_its_samples_as_text_and_closes_by_keyboard()
    {
        using var page = Open();
        page.Evaluate("document.querySelector('tr[data-index=\"3\"] a').focus()");
        page.Press("Enter", "Enter", 13);
        Assert.True(page.Evaluate("document.getElementById('problem').open").GetBoolean());
        Assert.Equal($"p3 {HostileRun.Attack}", page.Evaluate("document.getElementById('problem-title').textContent").GetString());
        Assert.Equal(0, page.Evaluate("document.querySelectorAll('dialog img, dialog script').length").GetInt32());
        Assert.Equal(16, page.Evaluate("document.querySelectorAll('dialog article').length").GetInt32());
        Assert.Contains(
            $"sample 0 says {HostileRun.Attack}", page.Evaluate("document.querySelector('dialog article pre').textContent").GetString(),
            StringComparison.Ordinal);

        // Having no valid answer is not one of the answers.
        Assert.Equal(
            "5 different answers, and samples without a valid one",
            page.Evaluate("document.querySelector('.run0 .answers-fold summary').textContent").GetString());

        // An answer leaves its own samples.
        page.Evaluate("document.querySelector('.run0 .answers button').click()");
        Assert.Equal(2, page.Evaluate("document.querySelectorAll('.run0 article').length").GetInt32());
        Assert.Equal(2, page.Evaluate("document.querySelectorAll('.run0 article .right').length").GetInt32());

        page.Press("ArrowRight", "ArrowRight", 39);
        Assert.StartsWith(
            "p4 ", page.Evaluate("document.getElementById('problem-title').textContent").GetString(), StringComparison.Ordinal);
        page.Press("Escape", "Escape", 27);
        Assert.False(page.Evaluate("document.getElementById('problem').open").GetBoolean());
        Assert.Equal("4", page.Evaluate("document.activeElement.closest('tr')?.dataset.index ?? ''").GetString());
        AssertClean(page);
    }

    [Fact]
    public void A_link_to_a_problem_opens_it_at_once()
    {
        using var page = Open(fragment: "#p2");
        Assert.StartsWith(
            "p2 ", page.Evaluate("document.getElementById('problem-title').textContent").GetString(), StringComparison.Ordinal);
        AssertClean(page);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public void A_page_of_several_runs_is_clean_draws_all_of_them_and_sorts(int width, bool dark)
    {
        using var page = OpenSeries(width, dark);
        Assert.True(page.Evaluate("document.documentElement.scrollWidth <= innerWidth").GetBoolean());
        // A line and an entry of the legend for each run and for chance, in the drawing that this width shows.
        const string Drawing = "[...document.querySelectorAll('#pass-at-k .plot svg')].find(svg => svg.clientWidth > 0)";
        Assert.All(
            Enumerable.Range(0, 3), run => Assert.True(
                page.Evaluate($"{Drawing}.querySelector('path.line.s{run}') !== null").GetBoolean()));
        Assert.Equal(1, page.Evaluate($"{Drawing}.querySelectorAll('path.guide').length").GetInt32());
        Assert.Equal(2, page.Evaluate("document.querySelectorAll('#series tbody tr').length").GetInt32());

        page.Evaluate("document.querySelectorAll('#problems .sort')[3].click()");
        Assert.Equal("3,4,5,0,1,2", page.Evaluate(Order).GetString());
        page.Evaluate("document.querySelectorAll('#problems .sort')[3].click()");
        Assert.Equal("0,1,2,3,4,5", page.Evaluate(Order).GetString());

        page.Evaluate("document.querySelector('tr[data-index=\"4\"] a').click()");
        page.Evaluate("new Promise(done => setTimeout(done, 50))");
        Assert.Equal(3, page.Evaluate("document.querySelectorAll('dialog .columns > section').length").GetInt32());
        Assert.Equal(3 * 8, page.Evaluate("document.querySelectorAll('dialog article').length").GetInt32());
        // A phone shows samples before answers, and a button leads to each run.
        Assert.Equal(width > 560, page.Evaluate("document.querySelector('.answers-fold').open").GetBoolean());
        Assert.Equal(width < 560, page.Evaluate("document.querySelector('.jumps').clientHeight > 0").GetBoolean());
        if (width < 560)
        {
            page.Evaluate("document.querySelectorAll('.jumps button')[2].click()");
            page.Evaluate("new Promise(done => setTimeout(done, 50))");
            Assert.InRange(page.Evaluate("document.querySelector('.run2 h3').getBoundingClientRect().top").GetDouble(), 0, 700);
        }
        AssertClean(page);
    }

    public void Dispose() => _folder.Dispose();

    private ChromiumPage OpenSeries(int width, bool dark)
    {
        var paths = new[] { "base", "other", "third" }.Select(name => _folder.File($"{name}.passatk")).ToArray();
        HostileRun.Write(paths[0], 0, 1, 2, 3, 4, 5);
        HostileRun.Write(paths[1], 0, 0, 8, 8, 8, 8);
        HostileRun.Write(paths[2], 0, 0, 0, 8, 8, 8);
        File.WriteAllText(_folder.File("series.html"), HostileRun.CompareAll(paths));
        return ChromiumPage.OpenOrSkip(_folder.File("series.html"), "", width, dark);
    }

    private ChromiumPage Open(int width = 1280, bool dark = false, string fragment = "")
    {
        var (left, right, file) = (_folder.File("base.passatk"), _folder.File("other.passatk"), _folder.File("page.html"));
        HostileRun.Write(left, 0, 1, 2, 3, 4, 5);
        HostileRun.Write(right, 0, 0, 8, 8, 8, 8);
        File.WriteAllText(file, HostileRun.Compare(left, right));
        return ChromiumPage.OpenOrSkip(file, fragment, width, dark);
    }

    private static void AssertClean(ChromiumPage page)
    {
        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, request => Assert.StartsWith("file:///", request, StringComparison.Ordinal));
        Assert.Single(page.Requests);
    }

    // Contrast of a colour on the page's ground: WCAG 2.1, "contrast ratio" and "relative luminance".
    private static string Contrast(string colour) =>
        $$"""
        (() => {
          const light = name => {
            const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
            const [r, g, b] = [1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16) / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const [a, b] = [light("{{colour}}"), light("--paper")];
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        })()
        """;
}
