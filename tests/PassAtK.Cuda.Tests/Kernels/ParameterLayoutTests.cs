using PassAtK.Cuda.Kernels;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Kernels;

public class ParameterLayoutTests
{
    [Fact]
    public void Gather_embedding_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<GatherEmbeddingParams>(
            48,
            ((ref GatherEmbeddingParams p) => ref NativeLayout.At(ref p.Embedding), 0),
            ((ref GatherEmbeddingParams p) => ref NativeLayout.At(ref p.Tokens), 8),
            ((ref GatherEmbeddingParams p) => ref NativeLayout.At(ref p.Previous), 16),
            ((ref GatherEmbeddingParams p) => ref NativeLayout.At(ref p.Residual), 24),
            ((ref GatherEmbeddingParams p) => ref NativeLayout.At(ref p.RowCount), 32),
            ((ref GatherEmbeddingParams p) => ref NativeLayout.At(ref p.Hidden), 40),
            ((ref GatherEmbeddingParams p) => ref NativeLayout.At(ref p.Vocabulary), 44));

    [Fact]
    public void Rms_norm_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<RmsNormParams>(
            56,
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.Residual), 0),
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.Delta), 8),
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.Weight), 16),
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.Output), 24),
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.SourceRows), 32),
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.RowCount), 40),
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.Hidden), 48),
            ((ref RmsNormParams p) => ref NativeLayout.At(ref p.Epsilon), 52));

    [Fact]
    public void Rope_store_kv_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<RopeStoreKvParams>(
            80,
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.Heads), 0),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.Cache), 8),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.Positions), 16),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.Slots), 24),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.Rope), 32),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.QueryNorm), 40),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.KeyNorm), 48),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.RowCount), 56),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.HeadCount), 64),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.KeyValueHeads), 68),
            ((ref RopeStoreKvParams p) => ref NativeLayout.At(ref p.Epsilon), 72));

    [Fact]
    public void Silu_multiply_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<SiluMultiplyParams>(
            32,
            ((ref SiluMultiplyParams p) => ref NativeLayout.At(ref p.GateUp), 0),
            ((ref SiluMultiplyParams p) => ref NativeLayout.At(ref p.Output), 8),
            ((ref SiluMultiplyParams p) => ref NativeLayout.At(ref p.RowCount), 16),
            ((ref SiluMultiplyParams p) => ref NativeLayout.At(ref p.Width), 24));

    [Fact]
    public void Copy_blocks_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<CopyBlocksParams>(
            40,
            ((ref CopyBlocksParams p) => ref NativeLayout.At(ref p.Cache), 0),
            ((ref CopyBlocksParams p) => ref NativeLayout.At(ref p.Copies), 8),
            ((ref CopyBlocksParams p) => ref NativeLayout.At(ref p.CopyCount), 16),
            ((ref CopyBlocksParams p) => ref NativeLayout.At(ref p.LayerStride), 24),
            ((ref CopyBlocksParams p) => ref NativeLayout.At(ref p.BlockElements), 32),
            ((ref CopyBlocksParams p) => ref NativeLayout.At(ref p.Layers), 36));

    [Fact]
    public void Gemm_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<GemmParams>(
            56,
            ((ref GemmParams p) => ref NativeLayout.At(ref p.Input), 0),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.Weight), 8),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.Bias), 16),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.Output), 24),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.RowCount), 32),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.Outputs), 40),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.Inputs), 44),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.InputStride), 48),
            ((ref GemmParams p) => ref NativeLayout.At(ref p.OutputStride), 52));
}
