using System.Runtime.Intrinsics;
using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

public sealed class RowPassesTests
{
    private static readonly IRowPasses[] Widths =
    [
        new RowPasses<Lanes512, Vector512<double>>(), new RowPasses<Lanes256, Lanes256.Sums>(), new RowPasses<Lanes128, Lanes128.Sums>(),
    ];

    public static TheoryData<int> Sizes => [1, 16, 22, 64, 100, 1024, 1089, 5000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void All_vector_widths_add_in_the_same_order(int size)
    {
        foreach (var shape in RandomRows.Shapes)
        {
            var logits = RandomRows.Row(shape, size, 3);
            var expected = Masses(logits, Widths[0]);
            Assert.Equal(expected, Masses(logits, Widths[1]));
            Assert.Equal(expected, Masses(logits, Widths[2]));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Masses_and_counts_are_those_of_double_precision(int size)
    {
        var logits = RandomRows.Row("flat", size, 4);
        double maximum = logits.Max();
        var exact = logits.Select(logit => Math.Exp((logit - maximum) / 0.6)).ToArray();
        int[] atLeast = [.. Enumerable.Range(0, size).Where(i => logits[i] >= 0)];

        foreach (var passes in Widths)
        {
            var masses = Masses(logits, passes);
            AssertClose(exact.Sum(), masses[0]);
            AssertClose(logits.Sum(logit => Math.Exp(logit - maximum)), masses[1]);
            Assert.Equal(atLeast.Length, masses[2]);
            AssertClose(atLeast.Sum(i => exact[i]), masses[3]);
            AssertClose(atLeast.Sum(i => exact[i]), masses[^1]);
        }
    }

    [Fact]
    public void Group_maxima_are_those_of_equal_ids_modulo_16_in_a_segment()
    {
        var logits = RandomRows.Row("flat", 2500, 5);
        foreach (var passes in Widths)
        {
            var groups = new float[IRowPasses.GroupCount(logits.Length)];
            Assert.True(passes.Maximum(Row(logits), groups, out var maximum));
            Assert.Equal(logits.Max(), maximum);
            for (var group = 0; group < groups.Length; group++)
            {
                var segment = logits.Skip(group / 16 * 1024).Take(1024).ToArray();
                Assert.Equal(segment.Where((_, i) => i % 16 == group % 16).Max(), groups[group]);
            }
        }
    }

    /// <summary>Mass at temperature 0.6 and 1; count and mass from logit 0 on; running mass of those after each block.</summary>
    private static double[] Masses(float[] logits, IRowPasses passes)
    {
        var row = Row(logits);
        var maximum = logits.Max();
        var mass = passes.Weigh(row, maximum, ExpScale.For(1 / 0.6), out var natural);
        var (count, above) = passes.Measure(row, 0);
        var running = new double[row.Blocks];
        passes.Accumulate(row, new Cutoff(0, int.MaxValue), running);
        return [mass, natural, count, above, .. running];
    }

    private static TokenRow Row(float[] logits)
    {
        var tail = new float[TokenRow.BlockSize];
        Array.Fill(tail, float.NegativeInfinity);
        logits.AsSpan(logits.Length / TokenRow.BlockSize * TokenRow.BlockSize).CopyTo(tail);
        return new TokenRow(logits, tail, new float[logits.Length + TokenRow.BlockSize]);
    }

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 2e-7 * expected);
}
