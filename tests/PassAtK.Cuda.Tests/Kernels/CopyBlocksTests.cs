using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class CopyBlocksTests
{
    private readonly record struct Copy(int Source, int Destination);

    [Fact]
    public void Blocks_are_copied_in_every_layer_and_nothing_else_changes() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(6);
        // Less than a piece, a whole one, one and a bit.
        foreach (var blockElements in (int[])[512, 8192, 8200])
        {
            foreach (var count in (int[])[0, 1, 5])
                Check(device, random, blockElements, count);
        }
    });

    [Fact]
    public void Blocks_that_are_not_whole_words_are_refused() => KernelDevice.InEachMode(device =>
        Assert.Throws<ArgumentException>(() => new CopyBlocks(device.Compiler, 1).Launch(
            new CopyBlocksParams { BlockElements = 36, LayerStride = 360, Layers = 1 }, device.Stream)));

    private static void Check(KernelDevice device, RandomRows random, int blockElements, int count)
    {
        const int blocks = 12;
        const int layers = 3;
        const int gap = 24;
        var layerStride = (blocks * blockElements) + gap;
        var before = new ushort[layers * layerStride];
        for (var index = 0; index < before.Length; index++)
            before[index] = (ushort)random.Int(0, ushort.MaxValue);
        // Several destinations may have one source; destinations are no sources.
        var order = random.Shuffled(blocks);
        var copies = Enumerable.Range(0, 6).Select(index => new Copy(order[random.Int(6, 11)], order[index])).ToArray();
        var cache = device.Upload<ushort>(before);
        var parameters = new CopyBlocksParams
        {
            Cache = cache.Pointer,
            Copies = device.Upload<Copy>(copies).Pointer,
            CopyCount = device.Upload(count).Pointer,
            LayerStride = layerStride,
            BlockElements = blockElements,
            Layers = layers,
        };
        new CopyBlocks(device.Compiler, 1).Launch(parameters, device.Stream);

        var expected = before.ToArray();
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var copy in copies.AsSpan(0, count))
            {
                before.AsSpan((layer * layerStride) + (copy.Source * blockElements), blockElements)
                    .CopyTo(expected.AsSpan((layer * layerStride) + (copy.Destination * blockElements)));
            }
        }
        Assert.True(expected.AsSpan().SequenceEqual(device.Download(cache)));
    }
}
