using System.Text.Json;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>What `report`, `compare` and `export` show at the k, of the measures and of the problems that are asked for.</summary>
public class CompareCommandTests
{
    private static string Counts(string name) => RepositoryPaths.InRepository("samples", "countdown", "counts", $"{name}.jsonl");

    [Fact]
    public void Three_runs_are_compared_in_one_page_with_figures_and_the_samples_of_each()
    {
        using var folder = new TemporaryFolder();
        Sample(folder, "base", Passatk.BaseModel);
        Sample(folder, "rl", Passatk.RlModel);
        Sample(folder, "again", Passatk.BaseModel, "--seed", "5", "--max-tokens", "40");
        string[] compare = ["compare", "base", "rl", "again"];
        var told = Passatk.Run(folder.Path, [.. compare, "--html", "page.html", "--svg", "figures", "--csv", "numbers", "--json"]);
        Assert.True(told.ExitCode == 0, told.Error);
        // Samples of the base itself need no scores, so one of the runs has its perplexities.
        string[] figures = ["pass-at-k", "difference", "above-chance", "accuracy", "exploration", "perplexity"];
        Assert.Contains($"figures: {string.Join(", ", figures)}\n", told.Error, StringComparison.Ordinal);
        Assert.Contains("again.passatk: The runs differ in max-tokens: ", told.Error, StringComparison.Ordinal);
        var page = File.ReadAllText(folder.File("page.html"));
        Assert.Contains("<h1>base, rl, again</h1>", page, StringComparison.Ordinal);
        Assert.Equal(
            figures,
            page.Split("<figure id=\"").Skip(1).Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)]));

        using var report = JsonDocument.Parse(told.Output);
        var pairs = report.RootElement.GetProperty("comparisons");
        foreach (var (other, pair) in new[] { "rl", "again" }.Zip(pairs.EnumerateArray()))
            Assert.Equal(Passatk.Output(folder.Path, "compare", "base", other, "--json").TrimEnd('\n'), Indented(pair));

        using var data = JsonDocument.Parse(page.Split("id=\"data\">")[1].Split("</script>")[0]);
        foreach (var (name, run) in new[] { "base", "rl", "again" }.Select((name, run) => (name, run)))
        {
            var samples = Passatk.Output(folder.Path, "export", name).TrimEnd('\n').Split('\n')
                .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
            foreach (var problem in data.RootElement.GetProperty("problems").EnumerateArray())
            {
                var id = problem.GetProperty("id").GetString();
                var own = samples.Where(sample => sample.GetProperty("problem").GetString() == id).ToArray();
                var shown = problem.GetProperty("runs")[run];
                Assert.Equal(own.Length, shown.GetProperty("n").GetInt32());
                Assert.Equal(own.Count(sample => sample.GetProperty("correct").GetBoolean()), shown.GetProperty("c").GetInt32());
                Assert.Equal(
                    own.Select(sample => sample.GetProperty("text").GetString()).ToHashSet(),
                    shown.GetProperty("samples").EnumerateArray().Select(sample => sample[0].GetString()).ToHashSet());
            }
        }
        // Runs are read side by side; nothing of that is seen.
        var again = Passatk.Run(folder.Path, [.. compare, "--html", "again.html", "--json"]);
        Assert.Equal(told.Output, again.Output);
        Assert.Equal(page, File.ReadAllText(folder.File("again.html")));
    }

    [Fact]
    public void Runs_of_one_name_are_told_apart_and_the_command_that_scores_can_be_typed()
    {
        using var folder = new TemporaryFolder();
        var model = Directory.CreateDirectory(folder.File("my models/base")).FullName;
        foreach (var file in Directory.GetFiles(Passatk.BaseModel))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        Sample(folder, "base", model);
        Sample(folder, "rl", Passatk.RlModel);
        Assert.Contains(
            "passatk score runs/rl.passatk --model 'my models/base'\n",
            Passatk.Output(folder.Path, "compare", "base", folder.File("runs/rl.passatk")), StringComparison.Ordinal);

        File.Copy(folder.File("runs/rl.passatk"), folder.File("rl.passatk"));
        using var report = JsonDocument.Parse(
            Passatk.Output(folder.Path, "compare", "base", "rl.passatk", "runs/rl.passatk", "rl.passatk", "--json"));
        // As many folders as it takes; one file that is given twice has no other way than its place.
        var here = Path.GetFileName(folder.Path);
        Assert.Equal(
            [$"{here}/rl (2)", "runs/rl", $"{here}/rl (4)"],
            report.RootElement.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void What_is_left_out_of_each_run_and_the_first_error_come_in_the_order_of_the_runs()
    {
        using var folder = new TemporaryFolder();
        Sample(folder, "one", Passatk.BaseModel);
        Sample(folder, "two", Passatk.RlModel);
        foreach (var (name, index) in new[] { ("one", 3), ("two", 5) })
            Execute(folder.File($"runs/{name}.passatk"), $"DELETE FROM sample WHERE problem = 1 AND sample_index = {index}");
        var lines = Passatk.Run(folder.Path, "compare", "one", "two").Error.Split('\n');
        Assert.StartsWith("runs/one.passatk: left out 1 unfinished problem(s)", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("runs/two.passatk: left out 1 unfinished problem(s)", lines[1], StringComparison.Ordinal);

        Execute(folder.File("runs/two.passatk"), "DELETE FROM verdict");
        var refused = Passatk.Run(folder.Path, "compare", "one", "two", "absent.passatk");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(3, refused.Error.Split('\n').Length);
        Assert.StartsWith("runs/one.passatk: left out 1", refused.Error, StringComparison.Ordinal);
        Assert.Contains("\npassatk: runs/two.passatk: no ", refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Output);

        // A problem that was being graded when the run was stopped has no more say than one that was being sampled.
        Execute(
            folder.File("runs/one.passatk"),
            "DELETE FROM verdict WHERE completion = (SELECT max(completion) FROM sample WHERE problem = 0)");
        lines = Passatk.Run(folder.Path, "report", "one").Error.Split('\n');
        Assert.StartsWith("runs/one.passatk: left out 1 problem(s) of which some samples lack a verdict", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_unfinished_run_is_called_so_in_text_JSON_and_page_and_a_finished_one_is_not()
    {
        using var folder = new TemporaryFolder();
        Sample(folder, "whole", Passatk.RlModel);
        Sample(folder, "part", Passatk.BaseModel);
        File.Copy(folder.File("runs/whole.passatk"), folder.File("runs/again.passatk"));
        string[][] ofWhole = [["report", "whole"], ["compare", "whole", "again"], ["compare", "whole", "again", "whole"]];
        foreach (var command in ofWhole)
        {
            var text = Passatk.Output(folder.Path, [.. command, "--html", "page.html"]);
            Assert.DoesNotContain("not finished", text, StringComparison.Ordinal);
            Assert.DoesNotContain("not finished", File.ReadAllText(folder.File("page.html")), StringComparison.Ordinal);
            Assert.DoesNotContain("eftOut\": {", Passatk.Output(folder.Path, [.. command, "--json"]), StringComparison.Ordinal);
        }
        // One problem lacks a sample, one a verdict of some sample, one all of them.
        Execute(folder.File("runs/part.passatk"), "DELETE FROM sample WHERE problem = 1 AND sample_index = 3");
        Execute(
            folder.File("runs/part.passatk"),
            "DELETE FROM verdict WHERE completion = (SELECT max(completion) FROM sample WHERE problem = 0)");
        Execute(
            folder.File("runs/part.passatk"),
            "DELETE FROM verdict WHERE completion IN (SELECT completion FROM sample WHERE problem = 2)");
        using var whole = JsonDocument.Parse(Passatk.Output(folder.Path, "report", "whole", "--json"));
        var all = whole.RootElement.GetProperty("problems").GetInt32();
        var reasons = $"3 of its {all} problems left out,\n  1 not fully sampled, 1 not fully graded, 1 without a graded sample;\n";
        foreach (var (command, pointer) in new (string[] Command, string[] Pointer)[]
        {
            (["report", "part"], ["leftOut"]), (["compare", "part", "whole"], ["baseLeftOut"]),
            (["compare", "whole", "part"], ["otherLeftOut"]),
            (["compare", "whole", "again", "part"], ["comparisons", "1", "otherLeftOut"]),
        })
        {
            var told = Passatk.Run(folder.Path, [.. command, "--html", "page.html"]);
            Assert.Equal(0, told.ExitCode);
            Assert.Contains($"\npart is not finished: {reasons}", told.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("whole is not finished", told.Output, StringComparison.Ordinal);
            var words = File.ReadAllText(folder.File("page.html")).Split("<h3>What to keep in mind</h3>")[1].Split("</ul>")[0];
            Assert.Contains(
                $"<li>part is not finished: 3 of its {all} problems do not count (1 not fully sampled, 1 not fully graded, 1 without a "
                + "graded sample). The samples that finish first are not a random subset,", words, StringComparison.Ordinal);

            using var report = JsonDocument.Parse(Passatk.Output(folder.Path, [.. command, "--json"]));
            var leftOut = pointer.Aggregate(
                report.RootElement, (at, name) => int.TryParse(name, out var index) ? at[index] : at.GetProperty(name));
            Assert.Equal(
                [1, 1, 1, all],
                new[] { "unfinished", "partlyGraded", "ungraded", "ofProblems" }.Select(name => leftOut.GetProperty(name).GetInt32()));
        }
    }

    [Fact]
    public void Curves_are_evaluated_at_the_k_that_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        string[] two = ["compare", Counts("base-1"), Counts("rl-1-1")], three = [.. two, Counts("rl-1-2")];
        foreach (var command in new[] { ["report", Counts("base-1")], two, three })
        {
            using var every = JsonDocument.Parse(Passatk.Output(folder.Path, [.. command, "--json"]));
            using var chosen = JsonDocument.Parse(Passatk.Output(folder.Path, [.. command, "--k", "1,64,100", "--json"]));
            var curve = command[0] == "report" ? "passAtK" : command.Length == 3 ? "baseIntervals" : "base";
            Assert.Equal([1, 64, 100], Points(chosen, curve).Select(point => point.GetProperty("k").GetInt32()));
            // At a k of both ladders the number is the same.
            Assert.Equal(
                Points(every, curve).Single(point => point.GetProperty("k").GetInt32() == 64).GetProperty("estimate").GetDouble(),
                Points(chosen, curve)[1].GetProperty("estimate").GetDouble());
            Assert.Matches("\n +100 ", Passatk.Output(folder.Path, [.. command, "--k", "1,64,100"]));
        }

        static JsonElement[] Points(JsonDocument report, string curve) => [.. report.RootElement.GetProperty(curve).EnumerateArray()];
    }

    [Theory]
    [InlineData(2, "--k holds '0'", "0")]
    [InlineData(2, "--k holds 'x'", "1,x")]
    [InlineData(1, "4096", "4096")]
    public void A_k_that_is_no_number_or_beyond_the_samples_is_refused(int exitCode, string reason, string k)
    {
        using var folder = new TemporaryFolder();
        foreach (var runs in new[] { [], new[] { Counts("rl-1-1") }, [Counts("rl-1-1"), Counts("rl-1-2")] })
        {
            var result = Passatk.Run(folder.Path, [runs.Length == 0 ? "report" : "compare", Counts("base-1"), .. runs, "--k", k]);
            Assert.Equal(exitCode, result.ExitCode);
            Assert.Contains(reason, result.Error, StringComparison.Ordinal);
            Assert.Empty(result.Output);
        }
    }

    [Fact]
    public void Measures_are_printed_for_each_run_where_they_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["base-1", "rl-1-1", "rl-1-2"];
        for (var runs = 1; runs <= names.Length; runs++)
        {
            string[] command = [runs == 1 ? "report" : "compare", .. names.Take(runs).Select(Counts)];
            var (plain, measured) = (Passatk.Output(folder.Path, command), Passatk.Output(folder.Path, [.. command, "--measures"]));
            Assert.StartsWith(plain, measured, StringComparison.Ordinal);
            Assert.DoesNotContain("pass^k", plain, StringComparison.Ordinal);
            Assert.Equal(runs, measured.Split("pass^k").Length - 1);
            Assert.All(names.Take(runs), name => Assert.Contains($"\n{name}\n", measured[plain.Length..], StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(2, "--forecast compares two runs, not more", 3, "--forecast", "4096")]
    [InlineData(2, "--html-size is given without --html", 3, "--html-size", "1MB")]
    [InlineData(2, "--html-size is given without --html", 2, "--html-size", "1MB")]
    [InlineData(2, "--html-size is 'much'", 3, "--html", "page.html", "--html-size", "much")]
    [InlineData(2, "9 runs are to be compared, expected 2 to 8", 9)]
    [InlineData(1, "--grader is 'math'", 3, "--grader", "math")]
    public void Options_that_do_not_go_with_the_runs_are_refused_and_nothing_is_written(
        int exitCode, string reason, int runs, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var result = Passatk.Run(folder.Path, ["compare", .. Enumerable.Repeat(Counts("base-1"), runs), .. options]);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_problem_that_a_run_lacks_cannot_be_exported()
    {
        using var folder = new TemporaryFolder();
        Sample(folder, "run", Passatk.BaseModel);
        foreach (string[] form in new string[][] { [], ["--out", "x.jsonl"], ["--format", "parquet", "--out", "x.parquet"] })
        {
            var refused = Passatk.Run(folder.Path, ["export", "run", "--problem", "nowhere", .. form]);
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("no problem 'nowhere', expected an id such as 'countdown-000'", refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal(["runs"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Rows_counted_from_stored_samples_are_those_that_the_sample_tree_computed_at_every_depth()
    {
        using var folder = new TemporaryFolder();
        Sample(folder, "run", Passatk.BaseModel);
        using var reader = RunReader.Open(folder.File("runs/run.passatk"));
        var statistics = reader.Statistics();
        var (tokens, rows) = (new long[statistics.TokensByDepth.Count], new long[statistics.TokensByDepth.Count]);
        foreach (var problem in reader.Samples(null).GroupBy(sample => sample.Problem))
        {
            var (drawn, computed) = PrefixRows.ByDepth([.. problem.Select(sample => sample.Tokens)]);
            for (var depth = 0; depth < drawn.Length; depth++)
            {
                tokens[depth] += drawn[depth];
                rows[depth] += computed[depth];
            }
        }
        Assert.Equal(statistics.TokensByDepth, tokens);
        Assert.Equal(statistics.RowsByDepth, rows);
        Assert.InRange(rows.Sum(), 1, tokens.Sum() - 1);

        using var report = JsonDocument.Parse(Passatk.Output(folder.Path, "report", "run", "--json"));
        var overall = report.RootElement.GetProperty("measures").GetProperty("exploration").GetProperty("overall");
        Assert.Equal(
            report.RootElement.GetProperty("sharing").GetProperty("exploration").GetDouble(), overall.GetProperty("estimate").GetDouble(), 1e-12);
    }

    private static void Sample(TemporaryFolder folder, string name, string model, params string[] options) => Passatk.Output(
        folder.Path,
        [
            "run", "--model", model, "--task", Passatk.CountdownTask, "--limit", "6", "--samples", "16", "--temperature", "1", "--top-p", "1",
            "--quiet", "--out", name, .. options,
        ]);

    private static void Execute(string path, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The same document two levels deeper.
    private static string Indented(JsonElement pair) => string.Join(
        '\n', pair.GetRawText().Split('\n').Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line));
}
