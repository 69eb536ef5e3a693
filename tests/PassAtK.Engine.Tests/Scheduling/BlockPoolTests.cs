using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Tests.Scheduling;

public class BlockPoolTests
{
    [Fact]
    public void A_block_is_free_again_when_its_last_holder_lets_go()
    {
        var pool = new BlockPool(1);
        Assert.True(pool.TryTake(out var block));
        pool.Share(block);
        pool.Release(block);
        Assert.False(pool.TryTake(out _));
        pool.Release(block);
        Assert.True(pool.TryTake(out _));
        Assert.Equal(1, pool.PeakInUse);
    }

    [Fact]
    public void The_source_of_a_copy_is_not_handed_out_before_the_step_has_run()
    {
        var pool = new BlockPool(1);
        pool.TryTake(out var block);
        pool.MarkCopySource(block);
        pool.Release(block);
        Assert.False(pool.TryTake(out _));
        pool.EndStep();
        Assert.True(pool.TryTake(out _));
    }

    [Fact]
    public void A_free_block_can_be_neither_shared_nor_released()
    {
        var pool = new BlockPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Share(0));
        Assert.Throws<InvalidOperationException>(() => pool.Release(0));
    }

    [Fact]
    public void Random_use_never_loses_or_doubles_a_block()
    {
        var random = new Random(1);
        var pool = new BlockPool(20);
        var held = new List<int>();
        for (var turn = 0; turn < 20_000; turn++)
        {
            switch (random.Next(5))
            {
                case 0 when pool.TryTake(out var taken):
                    Assert.DoesNotContain(taken, held);
                    held.Add(taken);
                    break;
                case 1 when held.Count > 0:
                    var shared = held[random.Next(held.Count)];
                    pool.Share(shared);
                    held.Add(shared);
                    break;
                case 2 when held.Count > 0:
                    pool.MarkCopySource(held[random.Next(held.Count)]);
                    break;
                case 3:
                    pool.EndStep();
                    Assert.Equal(20, pool.FreeCount + held.Distinct().Count());
                    break;
                case 4 when held.Count > 0:
                    var index = random.Next(held.Count);
                    pool.Release(held[index]);
                    held.RemoveAt(index);
                    break;
            }
            foreach (var block in held)
                Assert.Equal(held.Count(other => other == block), pool.Holders(block));
        }
    }
}
