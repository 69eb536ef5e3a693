using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

public sealed class PhiloxTests
{
    /// <summary>The philox4x32-10 lines of the known-answer file of Random123, the authors' own distribution.</summary>
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void A_block_matches_the_known_answers(string counter, string key, string words)
    {
        var (c, k, expected) = (Words(counter), Words(key), Words(words));

        var (word0, word1, word2, word3) = Philox.Block(c[0], c[1], c[2], c[3], k[0], k[1]);

        Assert.Equal(expected, (uint[])[word0, word1, word2, word3]);
    }

    [Theory]
    [InlineData(0u, 0u, 1 / 18014398509481984.0)]
    [InlineData(0x7FFu, 0u, 1 / 18014398509481984.0)]
    [InlineData(0x800u, 0u, 3 / 18014398509481984.0)]
    [InlineData(0xFFFFFFFFu, 0x7FFFFFFFu, 0.5 - (1 / 18014398509481984.0))]
    [InlineData(0u, 0x80000000u, 0.5)]
    [InlineData(0xFFFFF7FFu, 0xFFFFFFFFu, 1 - (2 / 9007199254740992.0))]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu, 1 - (1 / 9007199254740992.0))]
    public void Extreme_words_map_inside_the_open_interval(uint word0, uint word1, double expected)
    {
        var u = Philox.ToUniform(word0, word1);

        Assert.Equal(expected, u);
        Assert.True(u > 0 && u < 1);
    }

    [Fact]
    public void Seed_problem_sample_and_position_are_key_and_counter()
    {
        var (word0, word1, _, _) = Philox.Block(7, 9, 0x55667788, 0x11223344, 0xDDCCBBAA, 0x01020304);

        Assert.Equal(Philox.ToUniform(word0, word1), Philox.Uniform(0x01020304DDCCBBAA, 0x1122334455667788, 9, 7));
    }

    [Fact]
    public void A_problem_key_is_the_head_of_the_sha_256()
    {
        // SHA-256("abc") = ba7816bf 8f01cfea ... (FIPS 180-4, appendix).
        Assert.Equal(0xEACF018FBF1678BAul, Philox.ProblemKey("abc"));
    }

    private static uint[] Words(string hex) => [.. hex.Split(' ').Select(word => Convert.ToUInt32(word, 16))];
}
