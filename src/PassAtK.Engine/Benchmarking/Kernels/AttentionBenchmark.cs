using PassAtK.Cuda;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>
/// One layer's attention of a decoding step: every row at the position after its context, `Siblings` rows on the same blocks. Its floor is
/// one read of the distinct keys and values.
/// </summary>
internal static class AttentionBenchmark
{
    public static KernelResult Measure(CudaContext context, KernelCompiler compiler, KernelSizes sizes)
    {
        using var timer = new KernelTimer(context);
        var kernels = new AttentionKernels(context, compiler, sizes.HeadDimension, sizes.Heads, sizes.KeyValueHeads, elementF16: false);
        var planner = new AttentionPlanner(sizes.Heads, sizes.KeyValueHeads, sizes.HeadDimension, kernels.ConcurrentBlocks);
        planner.Build(Groups(sizes, out var blockCount));
        var plan = planner.Plan;

        var blockElements = 2L * sizes.KeyValueHeads * BlockTable.BlockSize * sizes.HeadDimension;
        var inputs = timer.InputsOf(2 * blockCount * blockElements);
        using var cache = RandomMemory.BrainFloats(context, timer.Stream, inputs * blockCount * blockElements);
        var stride = (sizes.Heads + (2 * sizes.KeyValueHeads)) * sizes.HeadDimension;
        using var queries = RandomMemory.BrainFloats(context, timer.Stream, (long)sizes.Batch * stride);
        using var output = new CudaDeviceVariable<ushort>(context, (long)sizes.Batch * sizes.Heads * sizes.HeadDimension);
        using var items = Upload(context, plan.Items);
        using var levels = Upload(context, plan.Levels);
        using var blocks = Upload(context, plan.Blocks);
        using var mergeRows = Upload(context, plan.MergeRows);
        using var mergeSlots = Upload(context, plan.MergeSlots);
        using var mergeCount = Upload(context, [plan.MergeRows.Length]);
        using var positions = Upload(context, Enumerable.Repeat(sizes.Context, sizes.Batch).ToArray());
        using var sums = new CudaDeviceVariable<byte>(context, Math.Max(1, (long)plan.StateSlots * kernels.StateSumsBytes));
        using var outputs = new CudaDeviceVariable<byte>(context, Math.Max(1, (long)plan.StateSlots * kernels.StateOutputsBytes));

        var levelCount = plan.LevelCount;
        var timing = timer.Measure(inputs, sizes.Repetitions, input =>
        {
            for (var level = 0; level < levelCount; level++)
            {
                kernels.LaunchSegments(
                    new AttentionSegmentsParams
                    {
                        Queries = queries.Pointer,
                        Cache = cache.At(input * blockCount * blockElements),
                        Items = items.Pointer,
                        Range = levels.At(level),
                        Blocks = blocks.Pointer,
                        Positions = positions.Pointer,
                        StateSums = sums.Pointer,
                        StateOutputs = outputs.Pointer,
                        Output = output.Pointer,
                        QueryStride = stride,
                    },
                    timer.Stream);
            }
            kernels.LaunchMerge(
                new AttentionMergeParams
                {
                    StateSums = sums.Pointer,
                    StateOutputs = outputs.Pointer,
                    Rows = mergeRows.Pointer,
                    Slots = mergeSlots.Pointer,
                    RowCount = mergeCount.Pointer,
                    Output = output.Pointer,
                },
                timer.Stream);
        });
        var distinct = (long)sizes.Batch / sizes.Siblings * sizes.Context;
        return new KernelResult(
            "attention_segments", "passatk", context.Device.Name, timing.Median, timing.Fastest, timing.Slowest,
            2 * distinct * 2 * sizes.KeyValueHeads * sizes.HeadDimension,
            4.0 * sizes.Batch * sizes.Context * sizes.Heads * sizes.HeadDimension)
        {
            Batch = sizes.Batch,
            Context = sizes.Context,
            Siblings = sizes.Siblings,
        };
    }

    /// <summary>Rows at position `Context`; the blocks of a family's context come first, each row's own block last.</summary>
    private static RowGroup[] Groups(KernelSizes sizes, out long blockCount)
    {
        var next = 0;
        var groups = new RowGroup[sizes.Batch];
        var context = new BlockTable();
        // Whole blocks are shared; what is left of the context lies in each row's own.
        var shared = sizes.Context / BlockTable.BlockSize;
        for (var row = 0; row < sizes.Batch; row++)
        {
            if (row % sizes.Siblings == 0)
            {
                context.Clear();
                for (var block = 0; block < shared; block++)
                    context.Add(next++);
            }
            var table = new BlockTable();
            table.CopyFrom(context);
            table.Add(next++);
            groups[row] = new RowGroup(row, 1, sizes.Context, table);
        }
        blockCount = next;
        return groups;
    }

    private static CudaDeviceVariable<T> Upload<T>(CudaContext context, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var memory = new CudaDeviceVariable<T>(context, Math.Max(1, values.Length));
        memory.CopyFrom(values);
        return memory;
    }
}
