using PassAtK.Cuda.Interop;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Interop;

public class CublasLtTests
{
    [Fact]
    public void Structs_lie_as_the_library_declares_them()
    {
        NativeLayout.Assert<CublasLtAlgorithm>(64);
        NativeLayout.Assert<CublasLtHeuristicResult>(
            96,
            ((ref CublasLtHeuristicResult r) => ref NativeLayout.At(ref r.Algorithm), 0),
            ((ref CublasLtHeuristicResult r) => ref NativeLayout.At(ref r.WorkspaceBytes), 64),
            ((ref CublasLtHeuristicResult r) => ref NativeLayout.At(ref r.Status), 72),
            ((ref CublasLtHeuristicResult r) => ref NativeLayout.At(ref r.Waves), 76),
            ((ref CublasLtHeuristicResult r) => ref NativeLayout.At(ref r.Reserved), 80));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(1, false)]
    [InlineData(13, true)]
    [InlineData(15, true)]
    public void Short_memory_is_no_reason_to_try_another_algorithm(int status, bool refusal) =>
        Assert.Equal(refusal, CublasLt.IsRefusal(status));

    [Fact]
    public void The_key_of_what_is_kept_tells_devices_versions_and_strides_apart()
    {
        var device = new CudaDevice("GPU", new Version(9, 0), 132, 1L << 36);
        var shape = new ProjectionShape(64, 64, 64, 64, ElementF16: false, OutputF32: false, HasBias: false);
        string[] keys =
        [
            ProductAlgorithmCache.Key(device, 120402, shape), ProductAlgorithmCache.Key(device with { Name = "other" }, 120402, shape),
            ProductAlgorithmCache.Key(device with { Multiprocessors = 114 }, 120402, shape), ProductAlgorithmCache.Key(device, 130000, shape),
            ProductAlgorithmCache.Key(device, 120402, shape with { InputStride = 72 }), ProductAlgorithmCache.Key(device, 120402, shape with { HasBias = true }),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Theory]
    [InlineData(1.0f, 0x3f80)]
    [InlineData(-2.5f, 0xc020)]
    [InlineData(1.00390625f, 0x3f80)]
    [InlineData(1.01171875f, 0x3f82)]
    [InlineData(float.PositiveInfinity, 0x7f80)]
    [InlineData(3.4e38f, 0x7f80)]
    public void A_bias_is_rounded_to_the_nearest_even_element(float value, int bits)
    {
        var shape = new ProjectionShape(1, 8, 8, 8, ElementF16: false, OutputF32: false, HasBias: true);
        Assert.Equal(bits, BitConverter.ToUInt16(BiasBytes.Of([value], shape)));
        Assert.Equal(value, BitConverter.ToSingle(BiasBytes.Of([value], shape with { OutputF32 = true })));
    }
}
