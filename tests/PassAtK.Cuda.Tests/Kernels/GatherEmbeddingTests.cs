using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class GatherEmbeddingTests
{
    private readonly record struct Draw(int Token, float LogProbability, float FilteredLogProbability);

    [Fact]
    public void Rows_are_the_embeddings_of_their_tokens() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(1);
        foreach (var format in ElementFormat.All)
        {
            foreach (var hidden in (int[])[2, 64, 70, 1032])
                Check(device, random, format, hidden);
        }
    });

    private static void Check(KernelDevice device, RandomRows random, ElementFormat format, int hidden)
    {
        var (vocabulary, maxRows, draws) = (random.Int(1, 40), 7, 5);
        var rows = random.Int(1, maxRows);
        var stride = RowLayout.Stride(hidden);
        var embedding = random.Elements(format, vocabulary * stride);
        // Among the draws of the step before are failed rows and nonsense beyond the vocabulary.
        var previous = Enumerable.Range(0, draws).Select(_ => new Draw(random.Int(-1, vocabulary), float.NaN, float.NaN)).ToArray();
        var tokens = Enumerable.Range(0, maxRows).Select(_ => random.Coin() ? random.Int(0, vocabulary - 1) : ~random.Int(0, draws - 1)).ToArray();
        var residual = device.Upload<float>(Enumerable.Repeat(float.NaN, maxRows * stride).ToArray());
        var parameters = new GatherEmbeddingParams
        {
            Embedding = device.Upload<ushort>(embedding).Pointer,
            Tokens = device.Upload<int>(tokens).Pointer,
            Previous = device.Upload<Draw>(previous).Pointer,
            Residual = residual.Pointer,
            RowCount = device.Upload(rows).Pointer,
            Hidden = hidden,
            Vocabulary = vocabulary,
        };
        new GatherEmbedding(device.Compiler, format.IsF16).Launch(parameters, maxRows, device.Stream);

        var actual = device.Download(residual);
        for (var row = 0; row < maxRows; row++)
        {
            var token = tokens[row] >= 0 ? tokens[row] : previous[~tokens[row]].Token;
            if (token < 0 || token >= vocabulary)
                token = 0;
            for (var column = 0; column < stride; column++)
            {
                var expected = row >= rows ? float.NaN : column >= hidden ? 0 : format.Value(embedding[(token * stride) + column]);
                Assert.Equal(expected, actual[(row * stride) + column]);
            }
        }
    }
}
