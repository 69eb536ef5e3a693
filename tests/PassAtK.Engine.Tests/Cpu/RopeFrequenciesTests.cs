using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

public class RopeFrequenciesTests
{
    /// <summary>The settings of Llama 3.1.</summary>
    private static readonly RopeParameters Llama31 = new()
    {
        Theta = 500_000,
        Scaling = RopeScaling.Llama3,
        Factor = 8,
        LowFrequencyFactor = 1,
        HighFrequencyFactor = 4,
        OriginalMaxPositions = 8192,
    };

    /// <summary>What Qwen2.5 recommends for long texts.</summary>
    private static readonly RopeParameters Qwen25 = new()
    {
        Theta = 1_000_000,
        Scaling = RopeScaling.Yarn,
        Factor = 4,
        OriginalMaxPositions = 32768,
    };

    public static TheoryData<RopeParameters, int> Settings => new()
    {
        { Llama31 with { Scaling = RopeScaling.None }, 128 },
        { Llama31 with { Scaling = RopeScaling.Linear }, 64 },
        { Llama31, 128 },
        { Llama31 with { Factor = 32 }, 64 },
        { Qwen25, 128 },
        { Qwen25 with { BetaFast = 20, BetaSlow = 2, Factor = 16 }, 80 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Frequencies_agree_with_the_formulas_in_wavelengths(RopeParameters rope, int headDimension)
    {
        var frequencies = RopeFrequencies.Of(rope, headDimension);
        for (var i = 0; i < headDimension / 2; i++)
        {
            var expected = 2 * Math.PI / ReferenceRope.Wavelength(rope, i, headDimension / 2);
            Assert.Equal(1, frequencies[i] / expected, 1e-12);
        }
    }

    [Fact]
    public void Llama_3_keeps_high_frequencies_slows_low_ones_by_the_factor_and_blends_between()
    {
        var plain = RopeFrequencies.Of(Llama31 with { Scaling = RopeScaling.None }, 128);
        var scaled = RopeFrequencies.Of(Llama31, 128);
        // 8192 positions hold 4 turns at a wavelength of 2048: pair 28 (1957); 1 turn at 8192: pair 35 (8213).
        Assert.Equal(plain[..29], scaled[..29]);
        Assert.All(Enumerable.Range(29, 6), i => Assert.InRange(scaled[i], plain[i] / 8, plain[i]));
        Assert.All(Enumerable.Range(35, 29), i => Assert.Equal(plain[i] / 8, scaled[i], 1e-15));
    }

    [Fact]
    public void Yarn_ramps_between_the_pairs_that_turn_32_times_and_once()
    {
        var plain = RopeFrequencies.Of(Qwen25 with { Scaling = RopeScaling.None }, 128);
        var scaled = RopeFrequencies.Of(Qwen25, 128);
        // 128 ln(32768 / 64 pi) / (2 ln 1e6) = 23.6, rounded down; 128 ln(32768 / 2 pi) / (2 ln 1e6) = 39.7, rounded up.
        Assert.Equal(plain[..24], scaled[..24]);
        Assert.Equal(((16 / 17.0) + (1 / 17.0 / 4)) * plain[24], scaled[24], 1e-15);
        Assert.Equal(((1 / 17.0) + (16 / 17.0 / 4)) * plain[39], scaled[39], 1e-15);
        Assert.Equal(plain[40] / 4, scaled[40], 1e-15);
        Assert.Equal(plain[63] / 4, scaled[63], 1e-15);
    }

    [Fact]
    public void Yarn_stretches_cosines_and_sines()
    {
        Assert.Equal(1.1386294361119891, RopeFrequencies.Magnitude(Qwen25), 1e-15);
        Assert.Equal(0.75, RopeFrequencies.Magnitude(Qwen25 with { AttentionFactor = 0.75 }));
        Assert.Equal(1, RopeFrequencies.Magnitude(Llama31));
    }

    [Fact]
    public void The_table_grows_and_keeps_its_values()
    {
        var config = TinyModel.SmallConfig with { Rope = Llama31 };
        using var table = new RopeTable(config);
        table.Cover(3);
        var before = table.Cosines.Span<float>(0, 3 * 16).ToArray();
        table.Cover(table.Positions + 1);
        Assert.Equal(before, table.Cosines.Span<float>(0, 3 * 16).ToArray());
        var angle = 700 * RopeFrequencies.Of(Llama31, 32)[3];
        Assert.Equal((float)Math.Cos(angle), table.Cosines.Span<float>((700 * 16) + 3, 1)[0]);
        Assert.Equal((float)Math.Sin(angle), table.Sines.Span<float>((700 * 16) + 3, 1)[0]);
    }
}
