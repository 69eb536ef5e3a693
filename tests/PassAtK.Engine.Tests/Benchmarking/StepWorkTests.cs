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
    public void The_floor_is_the_longer_of_bytes_and_operations()
    {
        var work = new StepWork(600, 400, 5000);
        Assert.Equal(10, work.Floor(bytesPerSecond: 100, flopsPerSecond: 1000));
        Assert.Equal(50, work.Floor(bytesPerSecond: 100, flopsPerSecond: 100));
    }
}
