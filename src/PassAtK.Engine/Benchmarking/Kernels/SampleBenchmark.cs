using PassAtK.Cuda;
using PassAtK.Cuda.Kernels;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>`sample_nucleus`: one draw of every row at temperature 0.6 and top-p 0.95. Its floor is one read of the logits.</summary>
internal static class SampleBenchmark
{
    /// <summary>A token and two log-probabilities.</summary>
    private const int DrawBytes = 12;

    public static KernelResult Measure(CudaContext context, KernelCompiler compiler, KernelSizes sizes)
    {
        using var timer = new KernelTimer(context);
        var kernel = new SampleNucleus(compiler);
        var stride = (sizes.Vocabulary + 3) / 4 * 4;
        var bytes = (long)sizes.Batch * sizes.Vocabulary * sizeof(float);
        var inputs = timer.InputsOf(bytes);
        using var logits = RandomMemory.Logits(context, timer.Stream, (long)inputs * sizes.Batch * stride);
        using var rows = new CudaDeviceVariable<SampleNucleusRow>(context, sizes.Batch);
        rows.CopyFrom([.. Enumerable.Range(0, sizes.Batch).Select(row => new SampleNucleusRow
        {
            Temperature = 0.6f,
            TopP = 0.95f,
            ProblemKey = 1,
            FirstDraw = row,
            DrawCount = 1,
        })]);
        using var samples = new CudaDeviceVariable<int>(context, sizes.Batch);
        samples.CopyFrom([.. Enumerable.Range(0, sizes.Batch)]);
        using var draws = new CudaDeviceVariable<byte>(context, (long)sizes.Batch * DrawBytes);
        using var workspace = new CudaDeviceVariable<float>(context, SampleNucleus.WorkspaceFloats(sizes.Batch, sizes.Vocabulary));
        using var count = new CudaDeviceVariable<int>(context, 1);
        count.CopyFrom([sizes.Batch]);

        var timing = timer.Measure(inputs, sizes.Repetitions, input => kernel.Launch(
            new SampleNucleusParams
            {
                Logits = logits.At((long)input * sizes.Batch * stride),
                Rows = rows.Pointer,
                Samples = samples.Pointer,
                Draws = draws.Pointer,
                Workspace = workspace.Pointer,
                RowCount = count.Pointer,
                RowStride = stride,
                Vocabulary = sizes.Vocabulary,
            },
            sizes.Batch, timer.Stream));
        return new KernelResult("sample_nucleus", "passatk", context.Device.Name, timing.Median, timing.Fastest, timing.Slowest, bytes, 0)
        {
            Batch = sizes.Batch,
            Vocabulary = sizes.Vocabulary,
        };
    }
}
