using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Cpu;

namespace PassAtK.Engine.Tests.Benchmarking;

public class ProcessorCeilingsTests
{
    [Fact]
    public void The_loops_compute_what_their_bytes_and_operations_are_counted_for()
    {
        using var memory = new NativeBuffer(4 * 4096);
        var values = memory.Span<float>(0, 4096);
        for (var index = 0; index < values.Length; index++)
            values[index] = index % 7;
        // Lane 0 of vectors of four floats takes every fourth float.
        var expected = 0f;
        for (var index = 1024; index < 3072; index += 4)
            expected += values[index];
        Assert.Equal(expected, CeilingKernels<Simd128, System.Runtime.Intrinsics.Vector128<float>>.Sum(memory, 4 * 1024, 4 * 2048));

        // Twelve chains x <- x (1 - s) + s from s, in exact arithmetic 1 - (1 - s)^(n + 1) each.
        const float Step = 1f / 1024;
        var sum = CeilingKernels<Simd128, System.Runtime.Intrinsics.Vector128<float>>.MultiplyAdd(500, Step);
        Assert.Equal(12 * (1 - Math.Pow(1 - Step, 501)), sum, 1e-3);
    }

    [Fact]
    public void BF16_dot_products_are_a_ceiling_of_their_own()
    {
        Assert.SkipUnless(DotProductKernels.IsSupported, "needs AVX512_BF16");
        var ceilings = ProcessorCeilings.Measure(1, rounded: true);
        Assert.Equal("BF16 dot products", ceilings.Product);
        Assert.InRange(ceilings.FlopsPerSecond, 1e7, 1e13);
    }

    [Fact]
    public void A_processor_reads_and_multiplies()
    {
        var ceilings = ProcessorCeilings.Measure(1);
        Assert.Equal("1 thread", ceilings.Device);
        // No machine that runs this is outside.
        Assert.InRange(ceilings.BytesPerSecond, 1e7, 1e13);
        Assert.InRange(ceilings.FlopsPerSecond, 1e7, 1e13);
    }
}
