using PassAtK.Engine;
using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Storage;

/// <summary>Disks and files that fail: one sentence each, and what was stored stays.</summary>
public sealed class StoreFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("run.passatk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_full_disk_is_one_sentence_and_leaves_what_was_committed()
    {
        using (var store = Runs.Open(Path))
        {
            store.Write(() => store.AddSample(0, Runs.Sample(0, 0, "kept", 1)));
            store.Connection.Execute($"PRAGMA max_page_count = {store.Connection.Number("PRAGMA page_count") + 2}");

            var refusal = Assert.Throws<InputException>(() => store.Write(() =>
            {
                for (var index = 1; index < 100; index++)
                    store.AddSample(0, Runs.Sample(0, index, new string('x', 1000), 1));
            }));
            Assert.Equal($"{Path}: the disk is full, what was stored before is intact, expected free space to go on.", refusal.Message);

            store.Connection.Execute("PRAGMA max_page_count = 1000000");
            store.Write(() => store.AddSample(0, Runs.Sample(0, 1, "after", 1)));
        }

        using var reader = RunReader.Open(Path);
        Assert.Equal(["kept", "after"], reader.Samples(null).Select(sample => sample.Text));
    }

    [Fact]
    public void A_file_that_is_no_run_store_is_refused_and_stays_as_it_is()
    {
        File.WriteAllText(Path, "my only copy of something else, " + new string('x', 5000));
        var content = File.ReadAllBytes(Path);

        Assert.Equal($"{Path}: the file is not a run store, expected a file that `passatk run` made.", Refusal(() => Runs.Open(Path)));
        Assert.Equal($"{Path}: the file is not a run store, expected a file that `passatk run` made.", Refusal(() => RunReader.Open(Path)));

        Assert.Equal(content, File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_database_of_something_else_is_refused_and_stays_as_it_is()
    {
        using (var other = StoreConnection.OpenForWriting(Path))
            other.Execute("CREATE TABLE sample (x)");
        var content = File.ReadAllBytes(Path);

        Assert.Equal($"{Path}: the file is not a run store, expected a file that `passatk run` made.", Refusal(() => Runs.Open(Path)));

        Assert.Equal(content, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_store_of_a_newer_format_is_refused_with_both_versions()
    {
        using (var store = Runs.Open(Path))
            store.Connection.Execute("PRAGMA user_version = 3");

        var sentence = $"{Path}: the store has format 3, expected format 1 to 2, which this version reads.";
        Assert.Equal(sentence, Refusal(() => Runs.Open(Path)));
        Assert.Equal(sentence, Refusal(() => RunStore.OpenExisting(Path)));
        Assert.Equal(sentence, Refusal(() => RunReader.Open(Path)));
    }

    [Fact]
    public void A_damaged_store_is_refused_in_a_sentence()
    {
        using (var store = Runs.Open(Path))
            store.Write(() => store.AddSample(0, Runs.Sample(0, 0, new string('x', 100_000), 1)));
        var bytes = File.ReadAllBytes(Path);
        bytes.AsSpan(4096).Fill(0xEE);
        File.WriteAllBytes(Path, bytes);

        Assert.Equal($"{Path}: the file is damaged, expected a file that `passatk run` made.", Refusal(() => Runs.Open(Path)));
    }

    [Fact]
    public void A_path_under_a_file_is_refused()
    {
        File.WriteAllText(_folder.File("file"), "");
        var path = System.IO.Path.Combine(_folder.File("file"), "run.passatk");

        Assert.Equal($"{path}: its folder cannot be made, expected a path in a folder that can be written to.", Refusal(() => Runs.Open(path)));
        Assert.Equal($"{path}: there is no such file, expected a run store.", Refusal(() => RunReader.Open(path)));
        Assert.Equal($"{path}: there is no such file, expected a run store.", Refusal(() => RunStore.OpenExisting(path)));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_refused()
    {
        Directory.CreateDirectory(Path);

        Assert.Equal(
            $"{Path}: the file cannot be opened or made, expected a run's file that may be read, in a folder that can be written to.",
            Refusal(() => Runs.Open(Path)));
    }

    [Fact]
    public void A_read_only_folder_can_be_read_from_and_not_written_to()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Skip("the super-user writes to read-only folders");
        if (OperatingSystem.IsWindows())
            return;
        using (var store = Runs.Open(Path))
            store.Write(() => store.AddSample(0, Runs.Sample(0, 0, "kept", 1)));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            using var reader = RunReader.Open(Path);
            Assert.Equal("kept", Assert.Single(reader.Samples(null)).Text);
            Assert.Equal($"{Path}.lock: cannot be written, expected a folder in which files can be made.", Refusal(() => Runs.Open(Path)));
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_read_only_file_can_be_read_from_and_not_written_to()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Skip("the super-user writes to read-only files");
        using (var store = Runs.Open(Path))
            store.Write(() => store.AddSample(0, Runs.Sample(0, 0, "kept", 1)));
        File.SetAttributes(Path, FileAttributes.ReadOnly);

        Assert.Equal($"{Path}: the file cannot be written, expected a file and a folder that are not read-only.", Refusal(() => Runs.Open(Path)));
        using var reader = RunReader.Open(Path);
        Assert.Equal("kept", Assert.Single(reader.Samples(null)).Text);
    }

    [Fact]
    public void A_missing_folder_is_made()
    {
        var path = System.IO.Path.Combine(_folder.Path, "runs", "deep", "run.passatk");

        Runs.Open(path).Dispose();

        Assert.True(File.Exists(path));
    }

    private static string Refusal(Func<IDisposable> open) => Assert.Throws<InputException>(() => open().Dispose()).Message;
}
