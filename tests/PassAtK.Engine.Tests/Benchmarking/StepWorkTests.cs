using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Benchmarking;

public class StepWorkTests
{
    [Fact]
    public void A_step_of_Llama_8B_reads_all_weights_but_the_embedding_and_every_rows_context()
    {
        var work = StepWork.Of(ModelShapes.Get("llama-3.1-8b"), rows: 256, context: 512);
        // 8,030,261,248 parameters, less 128,256 x 4,096 of the embedding and 65 norms of 4,096.
        Assert.Equal(2 * (8_030_261_248L - (128_256L * 4096) - (65 * 4096)), work.WeightBytes);
        // 131,072 bytes a position.
        Assert.Equal(256L * 512 * 131_072, work.KeyValueBytes);
        Assert.Equal((256.0 * work.WeightBytes) + (4.0 * 4096 * 32 * 512 * 256), work.Flops, 1.0);
    }

    [Fact]
    public void What_rows_have_in_common_is_read_once_and_elements_count_as_they_are_held()
    {
        var config = ModelShapes.Get("llama-3.1-8b");
        var work = StepWork.Of(config, rows: 10, context: 150, shared: 100, ElementSizes.Processor(DataType.F32));
        Assert.Equal(2 * StepWork.Of(config, 10, 150).WeightBytes, work.WeightBytes);
        // F32 keys and values take 262,144 bytes a position.
        Assert.Equal((100 + (10 * 50)) * 262_144L, work.KeyValueBytes);
        Assert.Equal(StepWork.Of(config, 10, 150).Flops, work.Flops);
        Assert.Equal(10L * 128_256 * 4, work.Sampling.Bytes);
    }

    [Fact]
    public void The_floor_is_the_longer_of_bytes_and_operations()
    {
        var work = new StepWork(new PhaseWork(600, 3000), new PhaseWork(400, 2000), new PhaseWork(0, 0));
        Assert.Equal(10, work.Floor(bytesPerSecond: 100, flopsPerSecond: 1000));
        Assert.Equal(50, work.Floor(bytesPerSecond: 100, flopsPerSecond: 100));
    }
}
