using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>How many graphs steps need, and that it does not matter.</summary>
public class CudaGraphTests
{
    private static readonly SamplingParameters Plain = new() { Temperature = 1, TopP = 1 };

    private static TinyModel Model { get; } = new(
        TinyModel.SmallConfig with
        {
            HiddenSize = 32,
            IntermediateSize = 32,
            LayerCount = 1,
            HeadCount = 2,
            KeyValueHeadCount = 1,
            HeadDimension = 16,
            MaxPositions = 8192,
        },
        DataType.BF16);

    [Fact]
    public void A_decode_to_thousands_of_positions_captures_few_graphs()
    {
        const int Rows = 6;
        using var run = new BackendRun(CudaUnderTest.Start(Model, 4096, 8));
        var backend = (CudaBackend)run.Backend;
        var trunk = run.Table(64);
        var tables = new BlockTable[Rows];
        for (var i = 0; i < Rows; i++)
        {
            tables[i] = new BlockTable();
            for (var block = 0; block < trunk.Count; block++)
                tables[i].Add(trunk[block]);
        }
        var plan = new StepPlan();
        // What blocks hold does not matter here, so one position in 48 is enough.
        for (var position = 64; position < 4096; position += 48)
        {
            plan.Clear();
            foreach (var table in tables)
            {
                run.Extend(table, position + 1);
                plan.AddDraws(plan.AddRows([1], position, table), Plain, 1, 2, position, [0]);
            }
            backend.Execute(plan);
        }
        Assert.InRange(backend.Captures, 1, 5);
    }

    [Fact]
    public void Few_graphs_kept_or_none_draw_the_same()
    {
        var expected = Draws(new CudaBackendTuning(), out var all);
        Assert.Equal(expected, Draws(new CudaBackendTuning { MostGraphs = 2 }, out var few));
        Assert.Equal(expected, Draws(new CudaBackendTuning { LaunchByLaunch = true }, out var none));
        Assert.InRange(few, all + 1, int.MaxValue);
        Assert.Equal(0, none);

        static TokenDraw[] Draws(CudaBackendTuning tuning, out int captures)
        {
            using var run = new BackendRun(CudaUnderTest.Start(Model, 64, 16, tuning));
            var backend = (CudaBackend)run.Backend;
            var draws = new List<TokenDraw>();
            var plan = new StepPlan();
            foreach (var rows in new[] { 1, 2, 4, 8, 1, 2, 4, 8, 8, 3 })
            {
                plan.Clear();
                var first = plan.AddRows(BackendRun.Tokens(rows), 0, run.Table(rows));
                plan.AddDraws(first + rows - 1, Plain, 1, 2, rows, [0, 1]);
                backend.Execute(plan);
                draws.AddRange(plan.Draws);
                Assert.InRange(backend.GraphCount, 1, tuning.MostGraphs);
            }
            captures = backend.Captures;
            return [.. draws];
        }
    }
}
