using PassAtK.Cuda;
using PassAtK.Engine.Cuda;

namespace PassAtK.Engine.Tests.Cuda;

public class CublasLtProductTests
{
    [Fact]
    public void The_name_follows_each_shapes_bits_and_nothing_else()
    {
        var (small, large) = (Shape(64), Shape(128));
        var name = CublasLtProduct.NameOf([(small, "aa"), (large, "bb")]);
        Assert.Matches("^cublaslt-[0-9a-f]{8}$", name);
        Assert.Equal(name, CublasLtProduct.NameOf([(large, "bb"), (small, "aa")]));
        Assert.NotEqual(name, CublasLtProduct.NameOf([(small, "bb"), (large, "aa")]));
        Assert.NotEqual(name, CublasLtProduct.NameOf([(small, "aa"), (large, null)]));

        static ProjectionShape Shape(int outputs) => new(outputs, 64, 64, outputs, ElementF16: false, OutputF32: false, HasBias: false);
    }
}
