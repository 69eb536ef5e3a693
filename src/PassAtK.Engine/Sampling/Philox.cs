using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Engine.Sampling;

/// <summary>
/// Philox4x32-10, a counter-based generator: a draw is a pure function of key and counter, so a sample's stream needs no state.
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// </summary>
public static class Philox
{
    /// <summary>
    /// The uniform number in (0, 1) that draws the token at <paramref name="position"/> of a sample: 53 bits of the first two words of
    /// the block with key = seed and counter = (position, sample, problem key).
    /// </summary>
    public static double Uniform(ulong seed, ulong problemKey, int sample, int position)
    {
        var (word0, word1, _, _) = Block(
            (uint)position, (uint)sample, (uint)problemKey, (uint)(problemKey >> 32), (uint)seed, (uint)(seed >> 32));
        return ToUniform(word0, word1);
    }

    /// <summary>
    /// The middle of one of 2^53 equal parts of (0, 1), picked by the upper 53 of 64 bits. From 1/2 on the middle is no double and
    /// rounds to even; the topmost part's would become 1 and is taken as the largest double below.
    /// </summary>
    public static double ToUniform(uint word0, uint word1)
    {
        var bits = ((ulong)word1 << 32) | word0;
        return Math.Min(((bits >> 11) * (1.0 / (1ul << 53))) + (1.0 / (1ul << 54)), 1 - (1.0 / (1ul << 53)));
    }

    /// <summary>The first 8 bytes, little-endian, of the SHA-256 of the UTF-8 problem id.</summary>
    public static ulong ProblemKey(string problemId) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(problemId)));

    /// <summary>Ten rounds on one counter.</summary>
    public static (uint Word0, uint Word1, uint Word2, uint Word3) Block(
        uint counter0, uint counter1, uint counter2, uint counter3, uint key0, uint key1)
    {
        for (var round = 0; round < 10; round++)
        {
            var product0 = 0xD2511F53ul * counter0;
            var product1 = 0xCD9E8D57ul * counter2;
            (counter0, counter1, counter2, counter3) = (
                (uint)(product1 >> 32) ^ counter1 ^ key0,
                (uint)product1,
                (uint)(product0 >> 32) ^ counter3 ^ key1,
                (uint)product0);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }
        return (counter0, counter1, counter2, counter3);
    }
}
