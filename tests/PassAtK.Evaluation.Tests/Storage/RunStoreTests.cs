using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Storage;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("run.passatk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        using (var store = Runs.Open(Path))
        {
            store.Write(() =>
            {
                store.AddSample(1, Runs.Sample(1, 5, "nul \0, quote \" and \u00e9", 0, 127, 128, 16383, 16384, int.MaxValue));
                store.AddSample(0, Runs.Sample(0, 0, ""));
            });
        }

        using var reader = RunReader.Open(Path);
        StoredSample[] samples = [.. reader.Samples(null)];

        Assert.Equal([(0, 0), (1, 5)], samples.Select(sample => (sample.Problem, sample.Index)));
        Assert.Equal([0, 127, 128, 16383, 16384, int.MaxValue], samples[1].Tokens);
        Assert.Equal("nul \0, quote \" and \u00e9", samples[1].Text);
        Assert.Equal([.. samples[1].Tokens.Select(token => -0.1f * token)], samples[1].Logprobs);
        Assert.Equal([-0.5f, -0.5f, -0.5f, -0.5f, -0.5f, -0.5f], samples[1].FilteredLogprobs);
        Assert.Equal(samples[1].Logprobs.Aggregate(0.0, (sum, logprob) => sum + logprob), samples[1].Logprob);
        Assert.Empty(samples[0].Tokens);
        Assert.Equal("", samples[0].Text);
        Assert.Equivalent(Runs.Settings(), reader.Settings(), strict: true);
        Assert.Equivalent(Runs.Problems(), reader.Problems().ToArray(), strict: true);
    }

    [Fact]
    public void A_transaction_that_throws_leaves_no_trace_and_the_store_goes_on()
    {
        var shared = Runs.Sample(0, 0, "shared", 1, 2);
        using (var store = Runs.Open(Path))
        {
            Assert.Throws<TimeoutException>(() => store.Write(() =>
            {
                store.AddSample(0, shared);
                store.AddVerdict(new ExactGrader(), 1, new Verdict(true, "x"));
                throw new TimeoutException();
            }));
            store.Write(() =>
            {
                store.AddSample(0, shared with { Sample = 1 });
                store.AddVerdict(new ExactGrader(), 1, new Verdict(false, "y"));
            });
        }

        using var reader = RunReader.Open(Path);
        var sample = Assert.Single(reader.Samples(("exact", 1)));
        Assert.Equal((1, "shared", false, "y"), (sample.Index, sample.Text, sample.Correct, sample.Extracted));
    }

    [Fact]
    public void Samples_that_share_their_arrays_share_one_completion()
    {
        using var store = Runs.Open(Path);
        var first = Runs.Sample(0, 0, "same", 1, 2);
        (long Completion, bool IsNew)[] added = [];
        store.Write(() => added =
        [
            store.AddSample(0, first), store.AddSample(0, first with { Sample = 1 }), store.AddSample(0, Runs.Sample(0, 2, "same", 1, 2)),
            store.AddSample(0, first with { Sample = 3 }), store.AddSample(1, first with { Sample = 0 }),
        ]);

        Assert.Equal([(1L, true), (1, false), (2, true), (3, true), (4, true)], added);
        Assert.Equal(4, store.Connection.Number("SELECT count(*) FROM completion"));
    }

    [Fact]
    public void The_same_sample_twice_is_an_error_and_not_a_silent_replacement()
    {
        using var store = Runs.Open(Path);
        store.Write(() => store.AddSample(0, Runs.Sample(0, 0, "first", 1)));

        Assert.Throws<InputException>(() => store.Write(() => store.AddSample(0, Runs.Sample(0, 0, "second", 1))));

        Assert.Equal("first", Assert.Single(ReadSamples()).Text);
    }

    [Fact]
    public void A_second_writer_is_refused_and_a_reader_is_not()
    {
        var path = Path;
        using (var store = Runs.Open(path))
        {
            store.Write(() => store.AddSample(0, Runs.Sample(0, 0, "text", 1)));
            var refusal = Assert.Throws<InputException>(() => Runs.Open(path));
            Assert.Equal($"{path}: another process is writing to this run, expected one writer at a time.", refusal.Message);
            Assert.Throws<InputException>(() => RunStore.OpenExisting(path));
            Assert.Single(ReadSamples());
            store.Write(() => store.AddSample(0, Runs.Sample(0, 1, "text", 1)));
        }

        using (Runs.Open(path))
            Assert.Equal(2, ReadSamples().Count);
        Assert.Equal(2, ReadSamples().Count);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_lock_file_that_a_killed_writer_left_is_no_obstacle()
    {
        File.WriteAllText(Path + ".lock", "0123");

        using var store = Runs.Open(Path);

        Assert.Equal(0, store.Connection.Number("SELECT count(*) FROM sample"));
    }

    public static TheoryData<string, string, string> Differences => new()
    {
        { "model", "models/small (fingerprint ab12)", "elsewhere (fingerprint cd34)" },
        { "task", "jsonl", "math" },
        { "template mode", "plain", "chat" },
        { "template fingerprint", "none", "77" },
        { "temperature", "0.6", "0.7" },
        { "top-p", "0.95", "1" },
        { "top-k", "0", "20" },
        { "min-p", "0", "0.05" },
        { "max-tokens", "16", "32" },
        { "stop", @"'\n\nQuestion:'", "none" },
        { "seed", "7", "18446744073709551615" },
        { "backend", "cpu", "cuda sm_90 gemm-0123abcd" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_setting_that_differs_is_refused_by_name_with_both_values(string setting, string stored, string given)
    {
        var settings = Runs.Settings();
        var other = setting switch
        {
            "model" => settings with { ModelFingerprint = "cd34", ModelPath = "elsewhere" },
            "task" => settings with { TaskName = given },
            "template mode" => settings with { TemplateMode = given },
            "template fingerprint" => settings with { TemplateFingerprint = given },
            "temperature" => settings with { Sampling = settings.Sampling with { Temperature = 0.7f } },
            "top-p" => settings with { Sampling = settings.Sampling with { TopP = 1 } },
            "top-k" => settings with { Sampling = settings.Sampling with { TopK = 20 } },
            "min-p" => settings with { Sampling = settings.Sampling with { MinP = 0.05f } },
            "max-tokens" => settings with { MaxTokens = 32 },
            "stop" => settings with { Stop = [] },
            "seed" => settings with { Seed = ulong.MaxValue },
            _ => settings with { Backend = given },
        };
        Runs.Open(Path).Dispose();

        var refusal = Assert.Throws<InputException>(() => RunStore.CreateOrOpen(Path, other, Runs.Problems()));

        var advice = setting == "backend"
            ? " Other kernels give other bits, and so other samples: go on with the device (--backend cpu or cuda), the program and the "
                + "libraries of the run, or start another file."
            : "";
        Assert.Equal(
            $"{Path}: {setting} is {given}, but the run was made with {stored}, expected the same or another file for another run.{advice}",
            refusal.Message);
    }

    [Fact]
    public void Another_version_of_the_product_draws_a_warning_and_moved_files_none()
    {
        var warnings = new List<string>();
        Runs.Open(Path).Dispose();

        var moved = Runs.Settings() with { ModelPath = "elsewhere", TaskSpec = "elsewhere.jsonl" };
        RunStore.CreateOrOpen(Path, moved, Runs.Problems(), warnings.Add).Dispose();
        Assert.Empty(warnings);

        RunStore.CreateOrOpen(Path, moved with { ProductVersion = "0.2.0" }, Runs.Problems(), warnings.Add).Dispose();
        Assert.Equal([$"{Path} was made by version 0.1.0, this is version 0.2.0."], warnings);
    }

    [Fact]
    public void A_run_grows_by_problems_and_keeps_those_that_are_not_given_again()
    {
        Runs.Open(Path, problems: 2).Dispose();
        Runs.Open(Path, problems: 5).Dispose();
        Runs.Open(Path, problems: 1).Dispose();

        using var reader = RunReader.Open(Path);
        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], reader.Problems().Select(problem => problem.Problem.Id));
        Assert.Equal(Runs.Settings(5).TaskDigest, reader.Settings().TaskDigest);
    }

    [Fact]
    public void A_problem_that_differs_from_the_stored_one_is_refused_by_name_and_part()
    {
        Runs.Open(Path).Dispose();
        var (first, second) = (Runs.Problems()[0], Runs.Problems()[1]);

        Refused([second, first], "problem 0 is 'p1', but the run was made with 'p0', expected the same task.");
        Refused([first, second with { PromptText = "x" }], Differs("prompt"));
        Refused([first, second with { PromptTokens = [1] }], Differs("prompt's tokens"));
        Refused([first, second with { Problem = second.Problem with { Gold = "x" } }], Differs("answer"));
        Refused([first, second with { Problem = second.Problem with { Chance = 0.5 } }], Differs("chance"));

        static string Differs(string part) => $"the {part} of problem 'p1' differs from the one that the run was made with, expected the same task.";

        void Refused(PreparedProblem[] problems, string why) =>
            Assert.Equal($"{Path}: {why}", Assert.Throws<InputException>(() => RunStore.CreateOrOpen(Path, Runs.Settings(), problems)).Message);
    }

    [Fact]
    public void Statistics_of_sessions_add_up_and_roll_back_with_the_samples()
    {
        for (var session = 1; session <= 3; session++)
        {
            using var store = Runs.Open(Path);
            store.Write(() => store.SetStatistics(new SharingStatistics { TokensByDepth = [1], RowsByDepth = [1] }));
            store.Write(() => store.SetStatistics(new SharingStatistics
            {
                TokensByDepth = [.. Enumerable.Repeat(10L * session, session)],
                RowsByDepth = [session],
                PrefilledRows = 4,
                RecomputedRows = 1L << 40,
            }));
            Assert.Throws<TimeoutException>(() => store.Write(() =>
            {
                store.SetStatistics(new SharingStatistics { TokensByDepth = [999], RowsByDepth = [999] });
                throw new TimeoutException();
            }));
        }

        using var reader = RunReader.Open(Path);
        var sum = reader.Statistics();
        Assert.Equal([60, 50, 30], sum.TokensByDepth);
        Assert.Equal([6], sum.RowsByDepth);
        Assert.Equal((140, 6, 12, 3L << 40), (sum.SampledTokens, sum.ComputedRows, sum.PrefilledRows, sum.RecomputedRows));
    }

    private List<StoredSample> ReadSamples()
    {
        using var reader = RunReader.Open(Path);
        return [.. reader.Samples(null)];
    }
}
