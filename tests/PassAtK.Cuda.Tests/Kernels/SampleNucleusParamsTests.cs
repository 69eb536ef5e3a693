using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public sealed class SampleNucleusParamsTests
{
    [Fact]
    public void Structs_are_laid_out_as_the_kernels_expect()
    {
        Assert.Equal(64, Unsafe.SizeOf<SampleNucleusRow>());
        Assert.Equal(12, (int)Marshal.OffsetOf<SampleNucleusRow>("_topK"));
        Assert.Equal(16, (int)Marshal.OffsetOf<SampleNucleusRow>("_scaleHigh"));
        Assert.Equal(28, (int)Marshal.OffsetOf<SampleNucleusRow>("_mode"));
        Assert.Equal(32, (int)Marshal.OffsetOf<SampleNucleusRow>("_seed"));
        Assert.Equal(48, (int)Marshal.OffsetOf<SampleNucleusRow>("_logMinP"));
        Assert.Equal(60, (int)Marshal.OffsetOf<SampleNucleusRow>("_firstDraw"));
        Assert.Equal(64, Unsafe.SizeOf<SampleNucleusParams>());
        Assert.Equal(32, (int)Marshal.OffsetOf<SampleNucleusParams>(nameof(SampleNucleusParams.Workspace)));
        Assert.Equal(48, (int)Marshal.OffsetOf<SampleNucleusParams>(nameof(SampleNucleusParams.RowStride)));
        Assert.Equal(60, (int)Marshal.OffsetOf<SampleNucleusParams>(nameof(SampleNucleusParams.Chunks)));
    }

    [Fact]
    public void Every_chunk_of_512_logits_takes_11_floats_of_scratch()
    {
        Assert.Equal(11, SampleNucleus.WorkspaceFloats(1, 1));
        Assert.Equal(11, SampleNucleus.WorkspaceFloats(1, 512));
        Assert.Equal(3 * 22, SampleNucleus.WorkspaceFloats(3, 513));
        Assert.Equal(128L * 297 * 11, SampleNucleus.WorkspaceFloats(128, 151_936));
    }
}
