using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Shuffles, votes, reductions and barriers against their definitions in the PTX ISA.</summary>
[Collection(SimtCollection.Name)]
public class WarpConformanceTests
{
    private static readonly Dim3 Blocks = new(3), Threads = new(96);
    private const int All = 3 * 96;

    [Fact]
    public void Shuffles_take_the_lane_that_the_instruction_names() => InEachMode((probe, random) =>
    {
        foreach (var width in new[] { 2, 8, 16, 32 })
        {
            uint[] value = [.. Enumerable.Range(0, All).Select(_ => (uint)random.Next(0x3f800000))];
            int[] selector = [.. Enumerable.Range(0, All).Select(_ => random.Next(32))];
            uint[] input = [.. value.Zip(selector).SelectMany(pair => (uint[])[pair.First, (uint)pair.Second])];
            var output = probe.Run("shuffles", input, new uint[7 * All], Blocks, Threads, width);
            for (var thread = 0; thread < All; thread++)
            {
                uint From(Shuffle kind) => value[thread / 32 * 32 + Source(kind, thread % 32, selector[thread], width)];
                uint[] expected =
                [
                    From(Shuffle.Indexed), From(Shuffle.Up), From(Shuffle.Down), From(Shuffle.Butterfly),
                    ~From(Shuffle.Butterfly), From(Shuffle.Butterfly), From(Shuffle.Down),
                ];
                Assert.Equal(expected, output[(7 * thread)..(7 * thread + 7)]);
            }
        }
    });

    [Fact]
    public void Votes_and_reductions_span_the_lanes_of_their_mask() => InEachMode((probe, random) =>
    {
        uint Some() => (uint)random.NextInt64(1, uint.MaxValue);
        foreach (var mask in new[] { uint.MaxValue, 1u, 0x80000000u, Some(), Some() })
        {
            uint[] value = [.. Enumerable.Range(0, All).Select(_ => (uint)random.Next(6))];
            var output = probe.Run("votes", value, new uint[15 * All], Blocks, Threads, (int)mask);
            for (var thread = 0; thread < All; thread++)
            {
                var first = thread / 32 * 32;
                int[] lanes = [.. Enumerable.Range(0, 32).Where(lane => (mask >> lane & 1) != 0)];
                uint[] hashed = [.. lanes.Select(lane => value[first + lane] * 0x9e3779b9u)];
                uint Lanes(Func<int, bool> which) => lanes.Where(which).Aggregate(0u, (set, lane) => set | 1u << lane);
                uint[] expected = (mask >> (thread % 32) & 1) == 0 ? new uint[15] :
                [
                    Lanes(lane => value[first + lane] % 2 == 1),
                    lanes.Any(lane => value[first + lane] == 3) ? 1u : 0,
                    lanes.All(lane => value[first + lane] != 3) ? 1u : 0,
                    Lanes(lane => value[first + lane] == value[thread]),
                    Lanes(lane => value[first + lane] == value[thread]),
                    hashed.Aggregate((a, b) => a + b),
                    hashed.Min(),
                    hashed.Max(),
                    hashed.Aggregate((a, b) => a + b),
                    (uint)hashed.Min(v => (int)v),
                    (uint)hashed.Max(v => (int)v),
                    hashed.Aggregate(uint.MaxValue, (a, b) => a & (b | 0xff)),
                    lanes.Aggregate(0u, (set, lane) => set | value[first + lane] << 7),
                    hashed.Aggregate((a, b) => a ^ b),
                    value[first + lanes[^1]],
                ];
                Assert.Equal(expected, output[(15 * thread)..(15 * thread + 15)]);
            }
        }
    });

    [Fact]
    public void Lanes_of_different_masks_do_not_wait_for_each_other() => InEachMode((probe, random) =>
    {
        uint[] value = [.. Enumerable.Range(0, All).Select(_ => (uint)random.Next(10))];
        uint Sum(int from, int count) => (uint)value.Skip(from).Take(count).Sum(v => v);
        Assert.Equal(
            Enumerable.Range(0, All).Select(i => Sum(i / 16 * 16, 16) * 1000 + Sum(i / 32 * 32, 32)),
            probe.Run("halves", value, new uint[All], Blocks, Threads));
    });

    [Fact]
    public void Barriers_count_the_threads_of_the_whole_block() => InEachMode((probe, random) =>
    {
        // Rounds 0 to 2 look at bits 0 to 2: mixed, all set but in block 0, clear but in block 0.
        uint[] value = [.. Enumerable.Range(0, All).Select(i => (uint)(random.Next(2) | (i == 7 ? 0 : 2) | (i == 7 ? 4 : 0)))];
        var output = probe.Run("counted_barriers", value, new uint[9 * All], Blocks, Threads);
        for (var thread = 0; thread < All; thread++)
        {
            for (var round = 0; round < 3; round++)
            {
                var set = value.Skip(thread / 96 * 96).Take(96).Count(v => (v >> round & 1) != 0);
                uint[] expected = [(uint)set, set == 96 ? 1u : 0, set > 0 ? 1u : 0];
                Assert.Equal(expected, output[(9 * thread + 3 * round)..(9 * thread + 3 * round + 3)]);
            }
        }
    });

    private enum Shuffle
    {
        Indexed,
        Up,
        Down,
        Butterfly,
    }

    /// <summary>The lane that shfl.sync reads, as the PTX ISA defines it: segment mask and clamp of operand c, j and its
    /// predicate.</summary>
    private static int Source(Shuffle kind, int lane, int b, int width)
    {
        var segment = 32 - width;
        var clamp = kind == Shuffle.Up ? 0 : 31;
        var maxLane = (lane & segment) | (clamp & ~segment);
        var minLane = lane & segment;
        var (j, inside) = kind switch
        {
            Shuffle.Up => (lane - b, lane - b >= maxLane),
            Shuffle.Down => (lane + b, lane + b <= maxLane),
            Shuffle.Butterfly => (lane ^ b, (lane ^ b) <= maxLane),
            _ => (minLane | (b & ~segment), (minLane | (b & ~segment)) <= maxLane),
        };
        return inside ? j : lane;
    }

    private static void InEachMode(Action<Probe, Random> test)
    {
        foreach (var mode in SimtDevice.Modes)
        {
            using var probe = new Probe(mode, WarpKernels.Source);
            test(probe, new Random(5));
        }
    }
}
