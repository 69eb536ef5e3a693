using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>Uploads a case and its work, launches the kernels, downloads the attention. Memory that nothing should read is NaN.</summary>
internal static class AttentionDevice
{
    /// <summary>Returns Element `[rows, heads * head dimension]`.</summary>
    public static ushort[] Run(CudaContext context, KernelCompiler compiler, AttentionCase rows, AttentionWork work, int? stages = null)
    {
        var kernels = new AttentionKernels(context, compiler, rows.HeadDimension, rows.Heads, rows.KeyValueHeads, rows.F16, stages);
        using var stream = new CudaStream(context);
        using var queries = Upload(context, rows.Queries);
        using var cache = Upload(context, rows.Cache);
        using var positions = Upload(context, rows.Positions);
        using var items = Upload(context, work.Items);
        using var levels = Upload(context, work.Levels);
        using var blocks = Upload(context, work.Blocks);
        using var mergeRows = Upload(context, work.MergeRows);
        using var mergeSlots = Upload(context, work.MergeSlots);
        using var mergeCount = Upload<int>(context, [work.MergeRows.Length]);
        using var sums = Upload(context, Poison<uint>(Math.Max(1, work.StateSlots) * rows.Heads * 2, uint.MaxValue));
        using var outputs = Upload(context, Poison<uint>(Math.Max(1, work.StateSlots) * rows.Heads * rows.HeadDimension, uint.MaxValue));
        using var output = Upload(context, Poison(rows.Rows * rows.Heads * rows.HeadDimension, AttentionCase.NaN));
        for (var level = 0; level < work.Levels.Length; level++)
        {
            kernels.LaunchSegments(
                new AttentionSegmentsParams
                {
                    Queries = queries.Pointer,
                    Cache = cache.Pointer,
                    Items = items.Pointer,
                    Range = levels.At(level),
                    Blocks = blocks.Pointer,
                    Positions = positions.Pointer,
                    StateSums = sums.Pointer,
                    StateOutputs = outputs.Pointer,
                    Output = output.Pointer,
                    QueryStride = rows.QueryStride,
                },
                stream);
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
            stream);
        stream.Synchronize();
        var result = new ushort[output.Length];
        output.CopyTo(result);
        return result;
    }

    private static CudaDeviceVariable<T> Upload<T>(CudaContext context, T[] values)
        where T : unmanaged
    {
        var variable = new CudaDeviceVariable<T>(context, Math.Max(1, values.Length));
        if (values.Length > 0)
            variable.CopyFrom(values);
        return variable;
    }

    private static T[] Poison<T>(int length, T value)
    {
        var values = new T[length];
        Array.Fill(values, value);
        return values;
    }
}
