using System.Diagnostics;
using System.Text.Json;
using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Storage;

/// <summary>Read back by hyparquet, a reader of its own in JavaScript; see tests/golden/parquet/read.mjs.</summary>
public sealed class ParquetExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void An_independent_reader_finds_every_sample_with_its_values()
    {
        using var reader = RunReader.Open(Write());
        var rows = ReadBack(reader, null);
        var samples = reader.Samples(("exact", 1)).ToArray();
        Assert.Equal(samples.Length, rows.Count);
        foreach (var (row, sample) in rows.Zip(samples))
        {
            Assert.Equal($"p{sample.Problem}", row.GetProperty("problem").GetString());
            Assert.Equal(sample.Index, row.GetProperty("index").GetInt32());
            Assert.Equal(sample.Text, row.GetProperty("text").GetString());
            Assert.Equal(sample.Finish, row.GetProperty("finish").GetString());
            Assert.Equal(sample.Logprob, row.GetProperty("logprob").GetDouble());
            Assert.Equal(sample.Correct, row.GetProperty("correct").ValueKind == JsonValueKind.Null ? null : row.GetProperty("correct").GetBoolean());
            Assert.Equal(sample.Extracted, row.GetProperty("extracted").GetString());
            Assert.Equal(sample.Tokens, row.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32()));
            Assert.Equal(sample.Logprobs, row.GetProperty("logprobs").EnumerateArray().Select(value => (float)value.GetDouble()));
            Assert.Equal(sample.FilteredLogprobs, row.GetProperty("filtered_logprobs").EnumerateArray().Select(value => (float)value.GetDouble()));
        }
        Assert.All(ReadBack(reader, "p1"), row => Assert.Equal("p1", row.GetProperty("problem").GetString()));
    }

    [Fact]
    public void A_problem_that_is_not_there_is_named()
    {
        using var reader = RunReader.Open(Write());
        using var output = new MemoryStream();
        var refusal = Assert.Throws<InputException>(() => ParquetExport.Write(reader, ("exact", 1), output, "p9", TestContext.Current.CancellationToken));
        Assert.Equal($"{reader.Path}: there is no problem 'p9', expected an id such as 'p0'.", refusal.Message);
        Assert.Equal(refusal.Message, Assert.Throws<InputException>(() => RunExport.Write(
            reader, ("exact", 1), output, "p9", TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void Equal_runs_give_equal_bytes() => Assert.Equal(Bytes(), Bytes());

    public void Dispose() => _folder.Dispose();

    private byte[] Bytes()
    {
        using var reader = RunReader.Open(Write());
        using var output = new MemoryStream();
        ParquetExport.Write(reader, ("exact", 1), output, cancellation: TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    private string Write()
    {
        var path = _folder.File($"{Guid.NewGuid():N}.passatk");
        using var store = Runs.Open(path);
        store.Write(() =>
        {
            for (var i = 0; i < 40; i++)
            {
                store.AddSample(i % 2, Runs.Sample(i % 2, i / 2, $"text {i} é\U0001F600 \0 </b>", [.. Enumerable.Range(0, i % 7).Select(t => 150_000 - t)]));
                if (i % 3 > 0)
                    store.AddVerdict(new ExactGrader(), i + 1, new Verdict(i % 3 == 1, i % 2 == 0 ? null : ""));
            }
        });
        return path;
    }

    private List<JsonElement> ReadBack(RunReader reader, string? problem)
    {
        var file = _folder.File("samples.parquet");
        using (var output = File.Create(file))
            ParquetExport.Write(reader, ("exact", 1), output, problem, TestContext.Current.CancellationToken);
        var modules = Environment.GetEnvironmentVariable("PASSATK_NODE_MODULES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "passatk", "node");
        if (!Directory.Exists(Path.Combine(modules, "node_modules", "hyparquet")))
            Assert.Skip("needs hyparquet, which tests/golden/install.sh installs");
        try
        {
            var script = RepositoryPaths.InRepository("tests", "golden", "parquet", "read.mjs");
            using var node = Process.Start(new ProcessStartInfo("node", [script, modules, file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var complaint = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var rows = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            Assert.True(node.ExitCode == 0, complaint.GetAwaiter().GetResult());
            return [.. JsonDocument.Parse(rows).RootElement.EnumerateArray()];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs node on the PATH");
            throw;
        }
    }
}
