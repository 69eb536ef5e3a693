using CsCheck;

namespace PassAtK.Cuda.Tests.Interop;

public class CubinCacheTests
{
    private static readonly NvrtcCompilation Compilation = new([1, 2, 3, 0, 255], "said: µ");

    [Fact]
    public void What_was_written_is_read_by_another_cache_of_the_folder()
    {
        using var folder = new PassAtK.Tests.TemporaryFolder();
        Gen.Select(Gen.Byte.Array, Gen.String[Gen.Char['\0', '\ud7ff'], 0, 100]).Sample((cubin, log) =>
        {
            new CubinCache(folder.Path).Write("key", new NvrtcCompilation(cubin, log));
            var read = new CubinCache(folder.Path).TryRead("key");
            Assert.Equal(cubin, read?.Cubin);
            Assert.Equal(log, read?.Log);
        }, iter: 50, threads: 1);
        Assert.Null(new CubinCache(folder.Path).TryRead("other"));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_that_is_not_whole_counts_as_absent()
    {
        using var folder = new PassAtK.Tests.TemporaryFolder();
        var cache = new CubinCache(folder.Path);
        cache.Write("key", Compilation);
        var file = Assert.Single(Directory.GetFiles(folder.Path));
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.Null(cache.TryRead("key"));
        }
        for (var at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            File.WriteAllBytes(file, changed);
            Assert.Null(cache.TryRead("key"));
        }
        cache.Write("key", Compilation);
        Assert.Equal(Compilation.Cubin, cache.TryRead("key")?.Cubin);
    }

    [Fact]
    public async Task Two_caches_that_write_one_key_at_once_leave_a_whole_file()
    {
        using var folder = new PassAtK.Tests.TemporaryFolder();
        var writers = new[] { (byte)1, (byte)2 }.Select(value => Task.Run(() =>
        {
            var cache = new CubinCache(folder.Path);
            var mine = new NvrtcCompilation([.. Enumerable.Repeat(value, 20_000)], "");
            for (var round = 0; round < 100; round++)
            {
                cache.Write("key", mine);
                var read = cache.TryRead("key");
                Assert.NotNull(read);
                Assert.Equal(20_000, read.Cubin.Length);
                Assert.Single(read.Cubin.Distinct());
            }
        }, TestContext.Current.CancellationToken));
        await Task.WhenAll(writers);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_no_error()
    {
        using var folder = new PassAtK.Tests.TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        var cache = new CubinCache(folder.File("file"));
        cache.Write("key", Compilation);
        Assert.Null(cache.TryRead("key"));
    }
}
