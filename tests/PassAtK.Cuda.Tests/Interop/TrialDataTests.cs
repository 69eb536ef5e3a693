namespace PassAtK.Cuda.Tests.Interop;

public class TrialDataTests
{
    [Fact]
    public void The_rows_looked_at_exist_hold_every_input_and_reach_both_ends()
    {
        for (var rows = 1; rows <= 1100; rows++)
        {
            var places = TrialData.Places(rows).ToArray();
            Assert.All(places, place => Assert.InRange(place, 0, rows - 1));
            Assert.Contains(0, places);
            Assert.Contains(rows - 1, places);
            Assert.Equal(Math.Min(rows, TrialData.Rows), places.Select(place => place % TrialData.Rows).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(false, 896)]
    [InlineData(false, 4096)]
    [InlineData(true, 4096)]
    [InlineData(true, 11008)]
    public void Another_order_of_addition_shows_in_every_row_after_rounding_to_an_element(bool f16, int inputs)
    {
        var shape = new ProjectionShape(TrialData.WeightRows, inputs, inputs, TrialData.WeightRows, f16, OutputF32: false, HasBias: false);
        var (x, w) = (TrialData.Inputs(shape), TrialData.Weights(shape));
        for (var row = 0; row < TrialData.Rows; row++)
        {
            var differ = 0;
            for (var o = 0; o < TrialData.WeightRows; o++)
            {
                float ascending = 0, chunks = 0;
                for (var k = 0; k < inputs; k++)
                    ascending += Product(row, o, k);
                for (var first = 0; first < inputs; first += 32)
                {
                    float chunk = 0;
                    for (var k = first; k < first + 32; k++)
                        chunk += Product(row, o, k);
                    chunks += chunk;
                }
                if (Rounded(ascending, f16) != Rounded(chunks, f16))
                    differ++;
            }
            Assert.True(differ > TrialData.WeightRows / 2, $"row {row}: {differ} of {TrialData.WeightRows} elements differ");
        }

        float Product(int row, int o, int k) => Value(x[row * inputs + k], f16) * Value(w[o * inputs + k], f16);
    }

    [Fact]
    public void Rows_of_inputs_are_distinct()
    {
        var shape = new ProjectionShape(8, 64, 64, 8, ElementF16: false, OutputF32: true, HasBias: false);
        var inputs = TrialData.Inputs(shape);
        Assert.Equal(TrialData.Rows, inputs.Chunk(64).Select(row => string.Join(' ', row)).Distinct().Count());
    }

    private static float Value(ushort bits, bool f16) =>
        f16 ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static ushort Rounded(float value, bool f16) => BitConverter.ToUInt16(
        BiasBytes.Of([value], new ProjectionShape(1, 8, 8, 8, f16, OutputF32: false, HasBias: false)));
}
