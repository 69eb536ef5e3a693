using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cuda;

public class CudaAllocationTests
{
    [Fact]
    public void Decoding_allocates_nothing_once_its_graph_is_captured()
    {
        var model = new TinyModel(TinyModel.SmallConfig with { LayerCount = 1 }, DataType.BF16);
        using var run = new BackendRun(CudaUnderTest.Start(model, 256, 16));
        var backend = (CudaBackend)run.Backend;
        var tables = Enumerable.Range(0, 3).Select(_ => run.Table(200)).ToArray();
        StepPlan[] plans = [new(), new()];
        var parameters = new SamplingParameters();
        var mine = 0L;
        // Warm up over the positions at which layouts grow.
        var position = 0;
        for (; position < 50; position++)
            Decode();
        var least = long.MaxValue;
        for (var window = 0; window < 4; window++)
        {
            mine = 0;
            for (var end = position + 8; position < end; position++)
                Decode();
            least = Math.Min(least, mine);
        }
        Assert.Equal(0, least);

        void Decode()
        {
            var plan = plans[position % 2];
            plan.Clear();
            for (var i = 0; i < tables.Length; i++)
            {
                plan.AddRows([position == 0 ? i : StepPlan.Drawn(i)], position, tables[i]);
                plan.AddDraws(i, parameters, 1, 2, position, [i]);
            }
            var start = GC.GetAllocatedBytesForCurrentThread();
            backend.Submit(plan);
            if (position > 0)
                backend.Collect();
            mine += GC.GetAllocatedBytesForCurrentThread() - start;
        }
    }
}
