using PassAtK.Cuda.Kernels;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Kernels;

public class AttentionKernelsTests
{
    [Theory]
    [InlineData(32, 1, 2, false)]
    [InlineData(64, 7, 2, true)]
    [InlineData(80, 3, 1, false)]
    [InlineData(96, 2, 2, true)]
    [InlineData(128, 4, 2, false)]
    public void Attention_is_that_of_double_precision_for_every_cut(int headDimension, int group, int keyValueHeads, bool f16)
    {
        SimtDevice.Require();
        var random = new Random(headDimension);
        // A chunk across a tile's end, rows of one branch far apart, and rows alone; one of them at the very first position.
        int[] positions = [60, 61, 62, 63, 64, 65, 5, 100, 130, 200, 0, 127, 128];
        var tables = Tables(positions, [6, 4, 1, 1, 1], random);
        var rows = AttentionCase.Create(headDimension, group, keyValueHeads, f16, positions, tables, random);
        Action<CudaContext, KernelCompiler> test = (context, compiler) =>
        {
            var output = AttentionDevice.Run(context, compiler, rows, AttentionWork.RowByRow(rows, 16));
            rows.Check(output);
            Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, AttentionWork.RowByRow(rows, 64)));
            Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, AttentionWork.RowByRow(rows, 128)));
            for (var i = 0; i < 3; i++)
                Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, AttentionWork.Random(rows, random)));
        };
        // Compiling for the other modes takes seconds: it is done for the smallest and largest
        // dimension and for one whose tiles of columns the warps cannot share evenly.
        InModes(headDimension is 32 or 80 or 128 ? int.MaxValue : 1, test);
    }

    [Fact]
    public void Every_group_size_up_to_eight_stacks_its_heads()
    {
        SimtDevice.Require();
        var random = new Random(8);
        var cases = Enumerable.Range(1, 8).Append(20).Select(group =>
        {
            int[] positions = [.. Enumerable.Range(50, 9)];
            return AttentionCase.Create(32, group, 1, false, positions, Tables(positions, [9], random), random);
        }).ToArray();
        InEveryMode((context, compiler) =>
        {
            foreach (var rows in cases)
            {
                var output = AttentionDevice.Run(context, compiler, rows, AttentionWork.RowByRow(rows, rows.Heads > 16 ? 64 : 16));
                rows.Check(output);
                Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, AttentionWork.Random(rows, random)));
            }
        });
    }

    [Theory]
    [InlineData(4, 30, 64)]
    [InlineData(4, 30, 128)]
    [InlineData(7, 18, 64)]
    [InlineData(7, 18, 128)]
    public void Stages_and_rows_at_once_change_no_bit_of_items_of_any_shape(int group, int count, int rowsAtOnce)
    {
        SimtDevice.Require();
        var random = new Random(group);
        int[] positions = [.. Enumerable.Range(180, count), .. Enumerable.Range(60, 17)];
        var rows = AttentionCase.Create(48, group, 1, false, positions, Tables(positions, [count, 17], random), random);
        using var context = CudaContext.Create();
        foreach (var mode in SimtDevice.Modes)
        {
            mode.Apply();
            using var compiler = new KernelCompiler(context, new CubinCache(CubinCache.DefaultFolder))
            {
                ExtraOptions = [.. mode.Options, $"-DROWS_AT_ONCE={rowsAtOnce}"],
            };
            var output = AttentionDevice.Run(context, compiler, rows, AttentionWork.RowByRow(rows, 16), stages: 2);
            rows.Check(output);
            foreach (var shape in AttentionWork.Shapes)
            {
                var work = AttentionWork.Filled(rows, shape);
                Assert.Contains(work.Items, item => item.RowCount * group > shape / 2);
                Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, work, stages: 2));
                Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, work, stages: 3));
            }
            Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, AttentionWork.Random(rows, random), stages: 3));
        }
    }

    [Fact]
    public void Splits_are_merged_whatever_cuts_them()
    {
        SimtDevice.Require();
        var random = new Random(3);
        int[] positions = [1022, 1023, 1024, 1025, 2047, 2048, 2500];
        var rows = AttentionCase.Create(32, 2, 1, false, positions, Tables(positions, [4, 2, 1], random), random);
        InEveryMode((context, compiler) =>
        {
            var output = AttentionDevice.Run(context, compiler, rows, AttentionWork.RowByRow(rows, 16));
            rows.Check(output);
            for (var i = 0; i < 3; i++)
                Assert.Equal(output, AttentionDevice.Run(context, compiler, rows, AttentionWork.Random(rows, random)));
        });
    }

    [Fact]
    public void A_launch_without_items_and_a_merge_without_rows_write_nothing()
    {
        SimtDevice.Require();
        var random = new Random(1);
        var rows = AttentionCase.Create(32, 1, 1, false, [3], Tables([3], [1], random), random);
        var nothing = new AttentionWork
        {
            Items = [],
            Levels = [new AttentionRange(0, 0), new AttentionRange(0, 0)],
            Blocks = [],
            MergeRows = [],
            MergeSlots = [],
            StateSlots = 0,
        };
        InEveryMode((context, compiler) =>
            Assert.All(AttentionDevice.Run(context, compiler, rows, nothing), element => Assert.Equal(AttentionCase.NaN, element)));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(128)]
    public void What_is_not_a_number_stays_within_its_row_and_head(int shape)
    {
        SimtDevice.Require();
        var random = new Random(2);
        int[] positions = [70, 70, 70];
        var rows = AttentionCase.Create(32, 2, 1, false, positions, Tables(positions, [3], random), random);
        var clean = (ushort[])rows.Queries.Clone();
        InEveryMode((context, compiler) =>
        {
            var whole = new AttentionWork
            {
                Items = [new AttentionItem(0, 3, 0, 71, 0, -1, -1, shape)],
                Levels = [new AttentionRange(0, 1)],
                Blocks = rows.Tables[0],
                MergeRows = [],
                MergeSlots = [],
                StateSlots = 0,
            };
            clean.CopyTo(rows.Queries, 0);
            var expected = AttentionDevice.Run(context, compiler, rows, whole);
            rows.Queries[rows.QueryStride + 32 + 5] = AttentionCase.NaN;
            var output = AttentionDevice.Run(context, compiler, rows, whole);
            for (var i = 0; i < output.Length; i++)
            {
                if (i / 32 == 3)
                    Assert.True(double.IsNaN(AttentionCase.ToDouble(output[i], false)));
                else
                    Assert.Equal(expected[i], output[i]);
            }
        });
    }

    [Fact]
    public void Scores_too_far_apart_for_the_exponential_leave_the_largest_alone()
    {
        SimtDevice.Require();
        var random = new Random(4);
        int[] positions = [150];
        var rows = AttentionCase.Create(32, 1, 1, false, positions, Tables(positions, [1], random), random);
        for (var i = 0; i < 32; i++)
            rows.Queries[i] = AttentionCase.ToElement(500 * AttentionCase.ToDouble(rows.Queries[i], false), false);
        InEveryMode((context, compiler) => rows.Check(AttentionDevice.Run(context, compiler, rows, AttentionWork.RowByRow(rows, 16))));
    }

    [Theory]
    [InlineData(72, 4, 4)]
    [InlineData(144, 4, 4)]
    [InlineData(0, 4, 4)]
    [InlineData(64, 5, 2)]
    [InlineData(64, 65, 1)]
    public void Heads_that_the_kernels_cannot_compute_are_refused(int headDimension, int heads, int keyValueHeads)
    {
        SimtDevice.Require();
        InEveryMode((context, compiler) => Assert.Throws<ArgumentException>(
            () => new AttentionKernels(context, compiler, headDimension, heads, keyValueHeads, false)));
    }

    /// <summary>A table of blocks in random order for each of the runs of rows, whose lengths are given.</summary>
    private static int[][] Tables(int[] positions, int[] runs, Random random)
    {
        var order = Enumerable.Range(0, runs.Length * ((positions.Max() / 16) + 1)).ToArray();
        random.Shuffle(order);
        var tables = new List<int[]>();
        var used = 0;
        foreach (var run in runs)
        {
            var blocks = (positions[tables.Count..(tables.Count + run)].Max() / 16) + 1;
            tables.AddRange(Enumerable.Repeat(order[used..(used + blocks)], run));
            used += blocks;
        }
        return [.. tables];
    }

    private static void InEveryMode(Action<CudaContext, KernelCompiler> test) => InModes(int.MaxValue, test);

    private static void InModes(int most, Action<CudaContext, KernelCompiler> test)
    {
        using var context = CudaContext.Create();
        foreach (var mode in SimtDevice.Modes.Take(most))
        {
            mode.Apply();
            using var compiler = new KernelCompiler(context, new CubinCache(CubinCache.DefaultFolder)) { ExtraOptions = mode.Options };
            test(context, compiler);
        }
    }
}
