using System.Runtime.InteropServices;
using PassAtK.Cuda.Kernels;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Kernels;

public sealed class SampleNucleusParamsTests
{
    [Fact]
    public void Sample_nucleus_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<SampleNucleusParams>(
            64,
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.Logits), 0),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.Rows), 8),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.Samples), 16),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.Draws), 24),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.Workspace), 32),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.RowCount), 40),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.RowStride), 48),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.Vocabulary), 56),
            ((ref SampleNucleusParams p) => ref NativeLayout.At(ref p.Chunks), 60));

    [Fact]
    public void A_row_lies_in_memory_as_the_kernels_declare_it()
    {
        NativeLayout.Assert<SampleNucleusRow>(64);
        var row = new SampleNucleusRow
        {
            Temperature = 2,
            TopP = 3,
            MinP = 0.25f,
            TopK = 5,
            DrawCount = 6,
            Mode = 7,
            Seed = 8,
            ProblemKey = 9,
            Position = 10,
            FirstDraw = 11,
        };
        var bytes = MemoryMarshal.AsBytes([row]);
        Assert.Equal([2, 3, 0.25f], MemoryMarshal.Cast<byte, float>(bytes[..12]));
        Assert.Equal(5, MemoryMarshal.Read<int>(bytes[12..]));
        // log2(e) / 2 as two floats.
        var scale = MemoryMarshal.Cast<byte, float>(bytes[16..24]);
        Assert.Equal((float)(Math.Log2(Math.E) / 2), scale[0]);
        Assert.Equal((float)((Math.Log2(Math.E) / 2) - scale[0]), scale[1]);
        Assert.Equal([6, 7], MemoryMarshal.Cast<byte, int>(bytes[24..32]));
        Assert.Equal<ulong>([8, 9], MemoryMarshal.Cast<byte, ulong>(bytes[32..48]).ToArray());
        Assert.Equal(Math.Log(0.25), MemoryMarshal.Read<double>(bytes[48..]));
        Assert.Equal([10, 11], MemoryMarshal.Cast<byte, int>(bytes[56..]));
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
