using System.Runtime.InteropServices;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Atomics of many blocks give what any order of them would.</summary>
[Collection(SimtCollection.Name)]
public class AtomicConformanceTests
{
    private static readonly Dim3 Blocks = new(5), Threads = new(96);
    private const int All = 5 * 96;

    [Fact]
    public void Every_update_happens_once_whatever_the_order()
    {
        foreach (var mode in SimtDevice.Modes)
        {
            using var probe = new Probe(mode, WarpKernels.Source);
            var random = new Random(3);
            uint[] value = [.. Enumerable.Range(0, All).Select(_ => (uint)random.NextInt64(1L << 32))];
            ulong[] wide = [.. value.Select(v => (ulong)v << 29 ^ v)];
            var start = new uint[32 + All];
            (start[2], start[6]) = (uint.MaxValue, uint.MaxValue);
            (start[4], start[5]) = (int.MaxValue, unchecked((uint)int.MinValue));
            var startWide = MemoryMarshal.Cast<uint, ulong>(start.AsSpan(12));
            (startWide[1], startWide[3]) = (ulong.MaxValue, ulong.MaxValue);

            var output = probe.Run("atomics", value, start, Blocks, Threads);

            var sum = value.Aggregate((a, b) => a + b);
            Assert.Equal(
                [
                    sum, 0u - sum, value.Min(), value.Max(), (uint)value.Min(v => (int)v), (uint)value.Max(v => (int)v),
                    value.Aggregate(uint.MaxValue, (a, b) => a & (b | 0x0f0f0000u)), value.Aggregate(0u, (a, b) => a | (b & 0x00f0f0f0u)),
                    value.Aggregate((a, b) => a ^ b), BitConverter.SingleToUInt32Bits(value.Sum(v => v % 1000)), All % 100,
                    value.Aggregate((a, b) => a ^ b),
                ],
                output[..12]);
            var outputWide = MemoryMarshal.Cast<uint, ulong>(output.AsSpan(12)).ToArray();
            Assert.Equal(
                [
                    wide.Aggregate((a, b) => a + b), wide.Min(), wide.Max(),
                    wide.Aggregate(ulong.MaxValue, (a, b) => a & (b | 0xf0f0f0f0f0fUL)),
                    wide.Aggregate((a, b) => a | b), wide.Aggregate((a, b) => a ^ b), wide.Aggregate((a, b) => a + b),
                ],
                outputWide[..7]);
            // What exchanges returned and what they left are the values given, and the zero at the start.
            Assert.Equal(value.Aggregate(0UL, (a, b) => a + b), outputWide[7] + output[28]);
            Assert.Equal(Enumerable.Range(0, All).Select(i => (uint)i), output[32..].Order());
        }
    }

    [Fact]
    public void Shared_counters_count_their_block()
    {
        foreach (var mode in SimtDevice.Modes)
        {
            using var probe = new Probe(mode, WarpKernels.Source);
            var random = new Random(4);
            uint[] value = [.. Enumerable.Range(0, All).Select(_ => (uint)random.Next(1000))];
            Assert.Equal(
                Enumerable.Range(0, 5 * 16).Select(cell => (uint)value.Skip(cell / 16 * 96).Take(96).Count(v => v % 16 == cell % 16)),
                probe.Run("histogram", value, new uint[5 * 16], Blocks, Threads));
        }
    }
}
