using System.IO.Compression;
using System.Text;
using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Storage;

/// <summary>A store that the program made when its format was 1: three problems of countdown, four samples each.</summary>
public sealed class FormatUpgradeTests : IDisposable
{
    private static readonly Scorer Scorer = new("f00d", "cpu", "models/other");

    private readonly TemporaryFolder _folder = new();

    public FormatUpgradeTests()
    {
        var stored = RepositoryPaths.InRepository("tests", "PassAtK.Evaluation.Tests", "Storage", "Stores", "format-1.passatk.gz");
        using var packed = new GZipStream(File.OpenRead(stored), CompressionMode.Decompress);
        using var file = File.Create(Path);
        packed.CopyTo(file);
    }

    private string Path => _folder.File("old.passatk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_of_format_1_is_read_as_it_is()
    {
        var exported = Exported();
        Assert.Equal(12, exported.Count(character => character == '\n'));
        Assert.StartsWith("{\"problem\":\"countdown-000\",\"index\":0,\"tokens\":[1,6,10,1,1,14,", exported, StringComparison.Ordinal);
        using var reader = RunReader.Open(Path);
        Assert.Empty(reader.Scorers());
        Assert.Empty(reader.Scores(Scorer));
        Assert.Equal((12, 0), (reader.CompletionCount(), reader.ScoredCount(Scorer)));
        Assert.Equal(4, reader.Unscored(Scorer, 1).Count);
        Assert.All(reader.Outcomes(null, Scorer).SelectMany(problem => problem.Samples), outcome => Assert.Null(outcome.Scored));
        Assert.Equal(1, Format());
    }

    [Fact]
    public void Writing_upgrades_it_and_keeps_every_byte_of_what_it_holds()
    {
        var exported = Exported();
        using (var old = RunReader.Open(Path))
        using (var store = RunStore.OpenExisting(Path))
        {
            var (completion, _) = old.Unscored(Scorer, 2)[0];
            store.Write(() => store.AddScore(Scorer, completion, [-1.5f]));
            // Who had opened it before sees the scores, too.
            Assert.Equal(-1.5, Assert.Single(old.Scores(Scorer)).Logprob);
        }
        Assert.Equal(2, Format());
        Assert.Equal(exported, Exported());
        using (var store = RunStore.OpenExisting(Path))
            Assert.Equal(1, store.Connection.Number("SELECT count(*) FROM score"));
    }

    [Fact]
    public void An_upgrade_that_does_not_finish_leaves_the_store_in_its_old_format()
    {
        var exported = Exported();
        using (var connection = StoreConnection.OpenForWriting(Path))
        {
            connection.Execute("BEGIN IMMEDIATE");
            StoreSchema.Upgrade(connection);
            Assert.True(StoreSchema.HoldsScores(connection));
            // A kill here closes the file without a commit.
        }
        Assert.Equal(1, Format());
        Assert.Equal(exported, Exported());
        RunStore.OpenExisting(Path).Dispose();
        Assert.Equal((2, exported), (Format(), Exported()));
    }

    [Fact]
    public void A_disk_that_is_full_during_the_upgrade_leaves_the_store_in_its_old_format()
    {
        using (var connection = StoreConnection.OpenForWriting(Path))
        {
            connection.Execute($"PRAGMA max_page_count = {connection.Number("PRAGMA page_count")}");
            connection.Execute("BEGIN IMMEDIATE");
            var refusal = Assert.Throws<InputException>(() => StoreSchema.Upgrade(connection));
            Assert.Contains("the disk is full", refusal.Message, StringComparison.Ordinal);
        }
        Assert.Equal(1, Format());
        Assert.NotEmpty(Exported());
    }

    [Fact]
    public void Grading_upgrades_it_as_well()
    {
        using (var store = RunStore.OpenExisting(Path))
            store.Write(() => store.AddVerdict(new ExactGrader(), 1, new Verdict(true, "x")));
        Assert.Equal(2, Format());
    }

    private long Format()
    {
        using var connection = StoreConnection.OpenForReading(Path);
        return connection.Number("PRAGMA user_version");
    }

    private string Exported()
    {
        using var reader = RunReader.Open(Path);
        using var output = new MemoryStream();
        RunExport.Write(reader, reader.Newest("countdown"), output, cancellation: TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
