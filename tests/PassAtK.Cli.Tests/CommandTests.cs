using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

public class CommandTests
{
    [Theory]
    [InlineData(2, "passatk has no command 'nonsense', expected one of demo, sample, run, grade, ", "nonsense")]
    [InlineData(2, "passatk has no option '--nonsense', expected one of demo, ", "--nonsense")]
    [InlineData(2, "No command is given, expected one of demo, ")]
    [InlineData(2, "passatk report has no option '--bogus'. See 'passatk report --help'.", "report", "--bogus")]
    [InlineData(2, "passatk compare has no option '--jsn'.", "compare", "a", "b", "--jsn")]
    [InlineData(2, "passatk run has no option '--sampels'.", "run", "--model", "m", "--task", "x", "--sampels", "4")]
    [InlineData(2, "passatk grade has no option '--grade'.", "grade", "--grade")]
    [InlineData(2, "passatk doctor has no option '--bogus'.", "doctor", "--bogus")]
    [InlineData(1, "--bogus: there is no such file", "report", "--", "--bogus")]
    [InlineData(2, "'b' is one argument too many for passatk report.", "report", "a", "b")]
    [InlineData(2, "RUN is missing.", "report")]
    [InlineData(2, "--html lacks its value.", "report", "x", "--html")]
    [InlineData(2, "--samples is 'abc', expected a whole number up to 2147483647.", "run", "--model", "m", "--task", "x", "--samples", "abc")]
    [InlineData(2, "--samples is '99999999999', expected a whole number", "demo", "--samples", "99999999999")]
    [InlineData(2, "--seed is '-1', expected a whole number of 0 or more.", "demo", "--seed", "-1")]
    [InlineData(2, "--seed is given 2 times, expected once.", "demo", "--seed", "1", "--seed", "2")]
    [InlineData(2, "--top-p is 'x', expected a number.", "sample", "--model", "m", "--prompt", "x", "--top-p", "x")]
    [InlineData(2, "--backend is 'fast', expected one of auto, cpu, cuda.", "doctor", "--backend", "fast")]
    [InlineData(2, "--kv-cache is 'much'", "sample", "--model", "m", "--prompt", "x", "--kv-cache", "much")]
    [InlineData(2, "grader is 'nope', expected one of", "grade", "--cases", "x", "--grader", "nope")]
    [InlineData(2, "there is no format named 'nope'", "run", "--model", "m", "--task", "nope:x", "--samples", "1")]
    [InlineData(2, "--generate is 1, expected at least 2", "bench", "--shape", "smollm2-135m", "--generate", "1")]
    [InlineData(1, "--html is 'absent/x.html', but there is no folder '", "report", "absent.passatk", "--html", "absent/x.html")]
    [InlineData(1, "--html is '.', which is a folder, expected a file.", "compare", "a", "b", "--html", ".")]
    [InlineData(1, "--out is 'absent/x', but there is no folder '", "export", "absent.passatk", "--out", "absent/x")]
    [InlineData(2, "--model", "run", "--task", "x", "--samples", "1")]
    [InlineData(2, "fast", "bench", "--shape", "smollm2-135m", "--backend", "fast")]
    [InlineData(2, "temperature is -1", "sample", "--model", "m", "--prompt", "x", "--temperature", "-1")]
    [InlineData(2, "top-p is 0", "sample", "--model", "m", "--prompt", "x", "--top-p", "0")]
    [InlineData(2, "--samples is 0", "run", "--model", "m", "--task", "x", "--samples", "0")]
    [InlineData(2, "smollm2-135m", "bench", "--shape", "gpt-9")]
    [InlineData(2, "--batch holds 'x'", "bench", "--shape", "smollm2-135m", "--batch", "1,x")]
    [InlineData(2, "--shape", "bench")]
    [InlineData(2, "--tokens", "score", "--model", "m")]
    [InlineData(2, "--lines and --grader need RUN", "score", "--model", "m", "--text", "1", "--lines")]
    [InlineData(2, "exclude each other", "score", "x", "--model", "m", "--lines", "--json")]
    [InlineData(1, "absent.passatk", "score", "absent.passatk", "--model", "m")]
    [InlineData(2, "--grader", "grade", "--cases", "x")]
    [InlineData(2, "--max-tokens is 0", "run", "--model", "m", "--task", "x", "--samples", "1", "--max-tokens", "0")]
    [InlineData(2, "--stop is empty", "sample", "--model", "m", "--prompt", "@x", "--stop", "")]
    [InlineData(1, "absent.passatk", "report", "absent.passatk")]
    [InlineData(1, ".: this is a folder, expected a run or a JSONL of counts.", "report", ".")]
    [InlineData(1, ".: this is a folder, expected a run.", "audit", ".")]
    [InlineData(1, "absent.passatk", "export", "absent.passatk")]
    [InlineData(1, "absent.passatk", "export", "absent.passatk", "--out", "x", "--problem", "p")]
    [InlineData(2, "--format parquet needs --out FILE", "export", "absent.passatk", "--format", "parquet")]
    [InlineData(2, "csv", "export", "absent.passatk", "--format", "csv")]
    [InlineData(1, "absent.passatk", "audit", "absent.passatk")]
    [InlineData(1, "f: there is no such file", "run", "--model", "m", "--task", "humaneval:f", "--samples", "1")]
    [InlineData(3, "--backend cuda: an NVIDIA GPU and its driver are needed", "doctor", "--backend", "cuda")]
    [InlineData(3, "--backend cuda", "sample", "--model", "m", "--prompt", "x", "--backend", "cuda")]
    [InlineData(3, "--backend cuda", "bench", "--shape", "smollm2-135m", "--backend", "cuda")]
    [InlineData(3, "--kernel copy", "bench", "--kernel", "copy")]
    [InlineData(2, "--threads", "bench", "--kernel", "copy", "--threads", "2")]
    [InlineData(2, "--backend cpu", "bench", "--kernel", "copy", "--backend", "cpu")]
    [InlineData(2, "--batch holds 2 sizes", "bench", "--kernel", "copy", "--batch", "1,8")]
    [InlineData(2, "--siblings is 3", "bench", "--kernel", "attention_segments", "--batch", "8", "--siblings", "3")]
    [InlineData(2, "--kv-heads is 2", "bench", "--kernel", "attention_segments", "--batch", "1", "--heads", "3", "--kv-heads", "2")]
    [InlineData(2, "--head-dim is 24", "bench", "--kernel", "attention_segments", "--batch", "1", "--head-dim", "24")]
    [InlineData(2, "--vocabulary is 300000", "bench", "--kernel", "sample_nucleus", "--batch", "1", "--vocabulary", "300000")]
    [InlineData(2, "--inputs is 60", "bench", "--kernel", "gemm_bf16", "--batch", "1", "--inputs", "60")]
    [InlineData(2, "--at holds 20, expected at least", "bench", "--shape", "smollm2-135m", "--prompt", "8", "--at", "20")]
    [InlineData(2, "--at and --sweep", "bench", "--shape", "smollm2-135m", "--at", "200", "--sweep", "20")]
    [InlineData(2, "--fail-on-regression", "bench", "--shape", "smollm2-135m", "--fail-on-regression")]
    [InlineData(2, "--tolerance is -1", "bench", "--shape", "smollm2-135m", "--tolerance", "-1")]
    [InlineData(1, "old.json: there is no such file", "bench", "--shape", "smollm2-135m", "--compare", "old.json")]
    [InlineData(2, "--trace-workers", "sample", "--model", "m", "--prompt", "x", "--trace-workers")]
    [InlineData(1, "absent/t.json", "sample", "--model", "m", "--prompt", "x", "--trace", "absent/t.json")]
    [InlineData(2, "--arch is 'sm_12'", "doctor", "--arch", "sm_12")]
    [InlineData(2, "--no-kernels", "doctor", "--arch", "sm_90a", "--no-kernels")]
    [InlineData(2, "--threads", "sample", "--model", "m", "--prompt", "x", "--backend", "cuda", "--threads", "1")]
    public void Bad_input_gets_one_sentence_and_its_exit_code(int exitCode, string named, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var result = Passatk.Run(folder.Path, arguments);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith("passatk: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_a_file_does_not_hold_or_cannot_take_is_told_without_words_of_the_runtime()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("README.md"), "# Title\n");
        var refused = Passatk.Run(folder.Path, "report", "README.md");
        Assert.Equal(
            (1, "passatk: README.md: line 1: the line is not valid JSON, expected a run or lines like {\"id\": \"1\", \"n\": 256, \"c\": 31}.\n"),
            (refused.ExitCode, refused.Error));

        File.WriteAllText(folder.File("counts.jsonl"), "{\"id\":\"x\",\"n\":4,\"c\":1}\n");
        refused = Passatk.Run(folder.Path, "report", "counts.jsonl", "--svg", "README.md");
        Assert.Equal((1, "passatk: --svg is 'README.md', which is a file, expected a folder.\n"), (refused.ExitCode, refused.Error));

        refused = Passatk.Run(folder.Path, "report", "s");
        Assert.Equal(
            (1, "passatk: s: there is no such file, nor runs/s.passatk, expected a run or a JSONL of counts.\n"),
            (refused.ExitCode, refused.Error));

        refused = Passatk.Run(folder.Path, "report", "counts.jsonl", "--from-samples", "5");
        Assert.Equal(
            (1, "passatk: --from-samples is 5, but no problem of counts.jsonl has more than 4 samples.\n"), (refused.ExitCode, refused.Error));
    }

    [Fact]
    public void No_output_is_written_over_a_run_and_no_grader_of_answers_judges_ways_to_a_solution()
    {
        using var folder = new TemporaryFolder();
        Passatk.Output(
            folder.Path, "run", "--model", Passatk.RlModel, "--task", Passatk.CountdownTask, "--limit", "2", "--samples", "2", "--out", "r", "--quiet");
        const string Run = "runs/r.passatk";
        var before = File.ReadAllBytes(folder.File(Run));
        foreach (var (option, command) in new (string, string[])[]
        {
            ("--html", ["report", "r", "--html", Run]), ("--html", ["compare", "r", "r", "--html", Run]), ("--out", ["export", "r", "--out", Run]),
            ("--trace", ["sample", "--model", Passatk.RlModel, "--prompt", "x", "--trace", Run]),
        })
        {
            var refused = Passatk.Run(folder.Path, command);
            Assert.Equal(
                (1, $"passatk: {option} is '{Run}', which is a run and would be lost, expected another file.\n"), (refused.ExitCode, refused.Error));
        }
        var graded = Passatk.Run(folder.Path, "grade", "r", "--grader", "math");
        Assert.Equal(
            (1, "passatk: grader is 'math', but the golds of this task are no answers to compare with, expected 'countdown'.\n"),
            (graded.ExitCode, graded.Error));
        var unknown = Passatk.Run(folder.Path, "grade", "r", "--grader", "nope");
        Assert.Equal(2, unknown.ExitCode);
        Assert.StartsWith("passatk: grader is 'nope', expected one of ", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.File(Run)));
    }

    [Fact]
    public void The_demo_compares_the_shipped_models_and_its_runs_can_be_used_further()
    {
        using var folder = new TemporaryFolder();
        using var report = JsonDocument.Parse(Passatk.Output(folder.Path, "demo", "--limit", "10", "--samples", "32", "--quiet", "--json"));
        Assert.Equal(10, report.RootElement.GetProperty("problems").GetInt32());
        Assert.Equal([1, 2, 4, 8, 16, 32], report.RootElement.GetProperty("k").EnumerateArray().Select(k => k.GetInt32()));

        using var again = JsonDocument.Parse(
            Passatk.Output(folder.Path, "compare", "runs/demo-base.passatk", "runs/demo-rl.passatk", "--json"));
        Assert.Equal(
            report.RootElement.GetProperty("difference").ToString(), again.RootElement.GetProperty("difference").ToString());

        var text = Passatk.Output(folder.Path, "demo", "--limit", "10", "--samples", "32", "--quiet");
        Assert.Contains("crossover", text, StringComparison.Ordinal);
        Assert.Contains("tokens a row", text, StringComparison.Ordinal);
        Assert.Matches("countdown-rl +[^a-z]+ chance\n", text);
        Assert.Contains("solved by blind guessing with as many tries", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_written_as_page_figures_and_samples()
    {
        using var folder = new TemporaryFolder();
        Passatk.Output(folder.Path, "demo", "--limit", "5", "--samples", "8", "--quiet");
        Assert.Contains("countdown-base and countdown-rl", File.ReadAllText(folder.File("runs/demo.html")), StringComparison.Ordinal);

        string[] outputs = ["--html", "page.html", "--svg", "figures", "--csv", "numbers"];
        var told = Passatk.Run(folder.Path, ["compare", "demo-base", "demo-rl", .. outputs]);
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("figures: pass-at-k, difference, ", told.Error, StringComparison.Ordinal);
        Assert.Contains("page.html: the report as a page (", told.Error, StringComparison.Ordinal);
        Assert.Contains("demo-base and demo-rl", File.ReadAllText(folder.File("page.html")), StringComparison.Ordinal);
        Assert.StartsWith(
            "series,k,estimate_fraction,low_fraction,high_fraction\n", File.ReadAllText(folder.File("numbers/pass-at-k.csv")), StringComparison.Ordinal);
        Assert.StartsWith("<svg ", File.ReadAllText(folder.File("figures/difference.svg")), StringComparison.Ordinal);
        Passatk.Output(folder.Path, ["report", "demo-rl", .. outputs]);
        Assert.Contains("<h1>demo-rl</h1>", File.ReadAllText(folder.File("page.html")), StringComparison.Ordinal);

        var refused = Passatk.Run(folder.Path, "report", "demo-rl", "--html-size", "1MB");
        Assert.Equal((2, "passatk: --html-size is given without --html.\n"), (refused.ExitCode, refused.Error));

        var all = Passatk.Output(folder.Path, "export", "demo-rl");
        Passatk.Output(folder.Path, "export", "demo-rl", "--out", "samples.jsonl");
        Assert.Equal(all, File.ReadAllText(folder.File("samples.jsonl")));
        var id = JsonDocument.Parse(all.Split('\n')[8]).RootElement.GetProperty("problem").GetString()!;
        Assert.Equal(all.Split('\n')[8..16], Passatk.Output(folder.Path, "export", "demo-rl", "--problem", id).TrimEnd('\n').Split('\n'));
        Passatk.Output(folder.Path, "export", "demo-rl", "--format", "parquet", "--out", "samples.parquet");
        Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(folder.File("samples.parquet"))[^4..]);
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => file.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public void The_chance_of_every_problem_reaches_the_reports_and_a_missing_one_is_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("all.jsonl"), [Line(12, ",\"chance\":0.5"), Line(99, ",\"chance\":0")]);
        File.WriteAllLines(folder.File("some.jsonl"), [Line(12, ",\"chance\":0.5"), Line(99, "")]);
        foreach (var task in new[] { "all", "some" })
        {
            Passatk.Output(
                folder.Path, "run", "--model", Passatk.BaseModel, "--task", $"countdown:{task}.jsonl", "--samples", "4", "--quiet", "--out", task);
        }
        using var all = JsonDocument.Parse(Passatk.Output(folder.Path, "report", "all", "--json"));
        var chance = all.RootElement.GetProperty("chance").EnumerateArray().Select(point => point.GetProperty("estimate").GetDouble());
        Assert.Equal([0.25, 0.375, 0.46875], chance);
        Assert.Equal(0.9375, all.RootElement.GetProperty("chanceSolved").GetProperty("ofAll").GetProperty("expected").GetDouble());
        Assert.Contains(
            "1 of 2 problems has no `chance`,\n         so no chance line is drawn; first: to 99\n",
            Passatk.Output(folder.Path, "report", "some"), StringComparison.Ordinal);
        // What one run lacks the other may tell.
        Assert.Contains("solved by blind guessing", Passatk.Output(folder.Path, "compare", "some", "all"), StringComparison.Ordinal);

        static string Line(int target, string more) =>
            $$"""{"id":"to {{target}}","numbers":[3,4],"target":{{target}},"prompt":"3 4>{{target}}:"{{more}}}""";
    }

    [Fact]
    public void The_entropy_of_a_report_is_the_mean_surprisal_of_its_samples()
    {
        using var folder = new TemporaryFolder();
        var whole = Entropy("1", "1");
        // Without filters a sample is drawn with the probability that the export states.
        var samples = Passatk.Output(folder.Path, "export", "t1.passatk").TrimEnd('\n').Split('\n').Select(
            line => JsonDocument.Parse(line).RootElement)
            .Select(sample => (Problem: sample.GetProperty("problem").GetString(), Tokens: sample.GetProperty("tokens").GetArrayLength(),
                Logprob: sample.GetProperty("logprob").GetDouble()))
            .GroupBy(sample => sample.Problem).ToArray();
        Assert.Equal(samples.Average(problem => problem.Average(sample => -sample.Logprob)), whole.PerSample, 1e-9);
        Assert.Equal(
            samples.Average(problem => -problem.Sum(sample => sample.Logprob) / problem.Sum(sample => sample.Tokens)), whole.PerToken,
            1e-9);

        Assert.InRange(Entropy("0.6", "0.95").PerToken, 0.01, 0.9 * whole.PerToken);
        Assert.Equal((0, 0), Entropy("0", "1"));

        (double PerToken, double PerSample) Entropy(string temperature, string topP)
        {
            using var report = JsonDocument.Parse(Passatk.Output(
                folder.Path, "run", "--model", Passatk.BaseModel, "--task", Passatk.CountdownTask, "--limit", "3", "--samples", "16", "--quiet",
                "--temperature", temperature, "--top-p", topP, "--json", "--out", $"t{temperature}.passatk"));
            var entropy = report.RootElement.GetProperty("entropy");
            return (Estimate(entropy, "perToken"), Estimate(entropy, "perSample"));
        }

        static double Estimate(JsonElement entropy, string name) => entropy.GetProperty(name).GetProperty("estimate").GetDouble();
    }

    [Fact]
    public void Sharing_batch_threads_and_cache_change_no_byte_of_the_export()
    {
        using var folder = new TemporaryFolder();
        string[][] variants =
        [
            [],
            ["--no-share"],
            ["--batch", "3", "--threads", "1"],
            ["--kv-cache", "1MB"],
            ["--threads", "3", "--batch", "100"],
        ];
        var exports = new List<string>();
        foreach (var (index, variant) in variants.Index())
        {
            Passatk.Output(folder.Path, [.. Run($"variant-{index}"), .. variant]);
            exports.Add(Passatk.Output(folder.Path, "export", $"runs/variant-{index}.passatk"));
        }
        Assert.Equal(8 * 24, exports[0].Count(character => character == '\n'));
        Assert.All(exports, export => Assert.Equal(exports[0], export));
    }

    [Fact]
    public void Extending_a_run_gives_what_a_larger_run_gives_and_other_settings_are_refused()
    {
        using var folder = new TemporaryFolder();
        Passatk.Output(folder.Path, Run("whole"));
        Passatk.Output(folder.Path, [.. Run("grown", limit: 3, samples: 5)]);
        Passatk.Output(folder.Path, Run("grown"));
        Assert.Equal(
            Passatk.Output(folder.Path, "export", "runs/whole.passatk"), Passatk.Output(folder.Path, "export", "runs/grown.passatk"));

        var refused = Passatk.Run(folder.Path, [.. Run("grown"), "--seed", "7"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("seed", refused.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("7", refused.Error, StringComparison.Ordinal);

        string[] other = [.. Run("grown").Select(argument => argument == Passatk.BaseModel ? Passatk.RlModel : argument)];
        refused = Passatk.Run(folder.Path, other);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"model is {Passatk.RlModel} (fingerprint ", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"but the run was made with {Passatk.BaseModel} (fingerprint ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_stopped_before_it_was_graded_is_to_be_finished_by_its_own_command()
    {
        using var folder = new TemporaryFolder();
        Passatk.Output(folder.Path, Run("stopped", limit: 2, samples: 4));
        var source = $"Data Source={folder.File("runs/stopped.passatk")};Pooling=False";
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection(source))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM verdict";
            command.ExecuteNonQuery();
        }
        var refused = Passatk.Run(folder.Path, "report", "stopped");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "no sample is graded by 'countdown' 1 yet; run the command that made it again to finish it, or ", refused.Error,
            StringComparison.Ordinal);
        Passatk.Output(folder.Path, Run("stopped", limit: 2, samples: 4));
        Assert.Contains("stopped: 2 problems, 4 samples each", Passatk.Output(folder.Path, "report", "stopped"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_refused_leaves_no_store_behind()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("long.jsonl"), $"{{\"id\":\"long\",\"prompt\":\"{new string('1', 200)}\",\"answer\":\"1\"}}\n");
        var refused = Passatk.Run(
            folder.Path, "run", "--model", Passatk.BaseModel, "--task", "long.jsonl", "--grader", "exact", "--samples", "1", "--max-tokens", "8", "--out", "r");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("'long'", refused.Error, StringComparison.Ordinal);

        File.WriteAllText(folder.File("gold.jsonl"), "{\"id\":\"worded\",\"prompt\":\"1\",\"answer\":\"abc\"}\n");
        refused = Passatk.Run(
            folder.Path, "run", "--model", Passatk.BaseModel, "--task", "gold.jsonl", "--grader", "gsm8k", "--samples", "1", "--out", "r");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("problem 'worded': the gold answer 'abc' holds no number", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void A_copied_program_runs_its_demo_anywhere()
    {
        using var folder = new TemporaryFolder();
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Passatk.Program)!, "models", "countdown_problems.jsonl")));
        Passatk.Output(folder.Path, "demo", "--limit", "2", "--samples", "4", "--quiet");
        Assert.True(File.Exists(folder.File("runs/demo-rl.passatk")));
        Assert.Contains("demo-rl", Passatk.Output(folder.Path, "report", "demo-rl"), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_and_compare_read_counts_of_other_tools()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.jsonl"), "{\"id\":\"x\",\"n\":4,\"c\":1}\n{\"id\":\"y\",\"n\":4,\"c\":4}\n");
        File.WriteAllText(folder.File("b.jsonl"), "{\"id\":\"x\",\"n\":4,\"c\":0}\n{\"id\":\"y\",\"n\":4,\"c\":4}\n");
        using var report = JsonDocument.Parse(Passatk.Output(folder.Path, "report", "a.jsonl", "--json"));
        var first = report.RootElement.GetProperty("passAtK")[0];
        Assert.Equal(1, first.GetProperty("k").GetInt32());
        Assert.Equal(0.625, first.GetProperty("estimate").GetDouble(), 12);
        using var compared = JsonDocument.Parse(Passatk.Output(folder.Path, "compare", "a.jsonl", "b.jsonl", "--json"));
        Assert.Equal(1, compared.RootElement.GetProperty("solvable").GetProperty("baseOnly").GetInt32());
    }

    [Fact]
    public void Runs_over_different_problems_of_one_id_are_not_paired_and_other_settings_are_told()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, target) in new[] { ("a", 12), ("b", 13) })
            File.WriteAllText(
                folder.File($"{name}.jsonl"), $"{{\"id\":\"p\",\"numbers\":[3,4],\"target\":{target},\"prompt\":\"3 4>{target}:\"}}\n");
        foreach (var (run, file, tokens) in new[] { ("a", "a", "20"), ("b", "b", "20"), ("c", "a", "30") })
        {
            Passatk.Output(
                folder.Path, "run", "--model", Passatk.BaseModel, "--task", $"countdown:{file}.jsonl", "--samples", "2", "--max-tokens", tokens, "--quiet",
                "--out", run);
        }
        var refused = Passatk.Run(folder.Path, "compare", "a", "b");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("problem 'p' is not the same", refused.Error, StringComparison.Ordinal);
        var told = Passatk.Run(folder.Path, "compare", "a", "c");
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("differ in max-tokens: 20 and 30", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Grading_cases_prints_a_line_for_each()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("cases.jsonl"), "{\"gold\":\"1/2\",\"pred\":\"so it is \\\\boxed{0.5}\"}\n{\"gold\":\"3\",\"pred\":\"4\"}\n");
        var lines = Passatk.Output(folder.Path, "grade", "--cases", "cases.jsonl", "--grader", "math").TrimEnd('\n').Split('\n');
        Assert.Equal(
            ["{\"index\":0,\"correct\":true,\"extracted\":\"1/2\"}", "{\"index\":1,\"correct\":false,\"extracted\":\"4\"}"], lines);

        using var document = JsonDocument.Parse(
            Passatk.Output(folder.Path, "grade", "--cases", "cases.jsonl", "--grader", "math", "--json"));
        var root = document.RootElement;
        Assert.Equal(
            ("math", 2, 1), (root.GetProperty("grader").GetString(), root.GetProperty("n").GetInt32(), root.GetProperty("c").GetInt32()));
        Assert.Equal(lines, root.GetProperty("cases").EnumerateArray().Select(one => one.GetRawText()));
    }

    [Fact]
    public void Scoring_tokens_and_their_text_agree()
    {
        using var folder = new TemporaryFolder();
        var text = Passatk.Output(folder.Path, "score", "--model", Passatk.BaseModel, "--text", "3 4>12:3*4=12", "--json");
        using var document = JsonDocument.Parse(text);
        var tokens = string.Join(',', document.RootElement.GetProperty("tokens").EnumerateArray().Select(token => token.GetRawText()));
        Assert.Equal(text, Passatk.Output(folder.Path, "score", "--model", Passatk.BaseModel, "--tokens", tokens, "--json"));
        Assert.Contains(
            "outside the model's vocabulary", Passatk.Run(folder.Path, "score", "--model", Passatk.BaseModel, "--tokens", "999999").Error,
            StringComparison.Ordinal);
        Assert.Equal(
            document.RootElement.GetProperty("tokens").GetArrayLength() - 1, document.RootElement.GetProperty("logprobs").GetArrayLength());
    }

    [Fact]
    public void Bench_measures_every_batch_size()
    {
        using var folder = new TemporaryFolder();
        using var document = JsonDocument.Parse(Passatk.Output(
            folder.Path, "bench", "--model", Passatk.BaseModel, "--batch", "1,8", "--prompt", "20", "--generate", "8", "--repeat", "1", "--no-share",
            "--json"));
        var results = document.RootElement.GetProperty("results");
        Assert.Equal(2, results.GetArrayLength());
        foreach (var result in results.EnumerateArray())
        {
            Assert.True(result.GetProperty("decodeTokensPerSecond").GetDouble() > 0);
            Assert.True(result.GetProperty("prefillTokensPerSecond").GetDouble() > 0);
        }
        Assert.True(document.RootElement.GetProperty("memory").GetProperty("peakBytes").GetInt64() > 0);
    }

    private static string[] Run(string name, int limit = 8, int samples = 24) =>
    [
        "run", "--model", Passatk.BaseModel, "--task", Passatk.CountdownTask, "--limit", $"{limit}", "--samples", $"{samples}", "--temperature", "1", "--top-p", "1",
        "--quiet", "--out", $"runs/{name}.passatk",
    ];
}
