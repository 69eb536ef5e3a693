using System.Runtime.CompilerServices;
using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class ParameterLayoutTests
{
    [Fact]
    public void Gather_embedding_parameters_lie_as_in_the_kernel()
    {
        var p = default(GatherEmbeddingParams);
        Assert.Equal(48, Unsafe.SizeOf<GatherEmbeddingParams>());
        AssertOffsets(ref p, ref p.Embedding, ref p.Tokens, ref p.Previous, ref p.Residual, ref p.RowCount);
        AssertOffset(40, ref p, ref p.Hidden);
        AssertOffset(44, ref p, ref p.Vocabulary);
    }

    [Fact]
    public void Rms_norm_parameters_lie_as_in_the_kernel()
    {
        var p = default(RmsNormParams);
        Assert.Equal(56, Unsafe.SizeOf<RmsNormParams>());
        AssertOffsets(ref p, ref p.Residual, ref p.Delta, ref p.Weight, ref p.Output, ref p.SourceRows, ref p.RowCount);
        AssertOffset(48, ref p, ref p.Hidden);
        AssertOffset(52, ref p, ref p.Epsilon);
    }

    [Fact]
    public void Rope_store_kv_parameters_lie_as_in_the_kernel()
    {
        var p = default(RopeStoreKvParams);
        Assert.Equal(80, Unsafe.SizeOf<RopeStoreKvParams>());
        AssertOffsets(ref p, ref p.Heads, ref p.Cache, ref p.Positions, ref p.Slots, ref p.Rope, ref p.QueryNorm);
        AssertOffset(48, ref p, ref p.KeyNorm);
        AssertOffset(56, ref p, ref p.RowCount);
        AssertOffset(64, ref p, ref p.HeadCount);
        AssertOffset(68, ref p, ref p.KeyValueHeads);
        AssertOffset(72, ref p, ref p.Epsilon);
    }

    [Fact]
    public void Silu_multiply_parameters_lie_as_in_the_kernel()
    {
        var p = default(SiluMultiplyParams);
        Assert.Equal(32, Unsafe.SizeOf<SiluMultiplyParams>());
        AssertOffset(0, ref p, ref p.GateUp);
        AssertOffset(8, ref p, ref p.Output);
        AssertOffset(16, ref p, ref p.RowCount);
        AssertOffset(24, ref p, ref p.Width);
    }

    [Fact]
    public void Copy_blocks_parameters_lie_as_in_the_kernel()
    {
        var p = default(CopyBlocksParams);
        Assert.Equal(40, Unsafe.SizeOf<CopyBlocksParams>());
        AssertOffset(0, ref p, ref p.Cache);
        AssertOffset(8, ref p, ref p.Copies);
        AssertOffset(16, ref p, ref p.CopyCount);
        AssertOffset(24, ref p, ref p.LayerStride);
        AssertOffset(32, ref p, ref p.BlockElements);
        AssertOffset(36, ref p, ref p.Layers);
    }

    [Fact]
    public void Gemm_parameters_lie_as_in_the_kernel()
    {
        var p = default(GemmParams);
        Assert.Equal(56, Unsafe.SizeOf<GemmParams>());
        AssertOffsets(ref p, ref p.Input, ref p.Weight, ref p.Bias, ref p.Output, ref p.RowCount);
        AssertOffset(40, ref p, ref p.Outputs);
        AssertOffset(44, ref p, ref p.Inputs);
        AssertOffset(48, ref p, ref p.InputStride);
        AssertOffset(52, ref p, ref p.OutputStride);
    }

    /// <summary>The pointers lie in this order from the beginning on.</summary>
    private static void AssertOffsets<T>(
        ref T p, ref DevicePointer a, ref DevicePointer b, ref DevicePointer c, ref DevicePointer d, ref DevicePointer e)
    {
        AssertOffset(0, ref p, ref a);
        AssertOffset(8, ref p, ref b);
        AssertOffset(16, ref p, ref c);
        AssertOffset(24, ref p, ref d);
        AssertOffset(32, ref p, ref e);
    }

    private static void AssertOffsets<T>(
        ref T p, ref DevicePointer a, ref DevicePointer b, ref DevicePointer c, ref DevicePointer d, ref DevicePointer e, ref DevicePointer f)
    {
        AssertOffsets(ref p, ref a, ref b, ref c, ref d, ref e);
        AssertOffset(40, ref p, ref f);
    }

    private static void AssertOffset<T, TField>(int expected, ref T p, ref TField field) =>
        Assert.Equal(expected, Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref p), ref Unsafe.As<TField, byte>(ref field)));
}
