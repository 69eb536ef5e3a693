using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Interop;

public class ProductAlgorithmCacheTests
{
    [Fact]
    public void Kept_choices_are_told_in_words()
    {
        using var folder = new TemporaryFolder();
        var cache = new ProductAlgorithmCache(folder.File("cublaslt"));
        Assert.Empty(cache.Descriptions());
        cache.Write("b", [1, 2], "4096 x 4096 bf16 to bf16: tile 18");
        cache.Write("a", [3], "6144 x 4096 bf16 to bf16: tile 20");
        File.WriteAllText(folder.File("cublaslt/broken.cubin"), "not a choice");
        Assert.Equal(["6144 x 4096 bf16 to bf16: tile 20", "4096 x 4096 bf16 to bf16: tile 18"], cache.Descriptions());
        Assert.Equal([1, 2], cache.TryRead("b"));
    }
}
