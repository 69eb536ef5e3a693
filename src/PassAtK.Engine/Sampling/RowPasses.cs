using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PassAtK.Engine.Sampling;

/// <summary>Picks the widest registers that the machine has.</summary>
internal static class RowPasses
{
    public static IRowPasses Widest { get; } =
        Vector512.IsHardwareAccelerated ? new RowPasses<Lanes512, Vector512<double>>()
        : Vector256.IsHardwareAccelerated ? new RowPasses<Lanes256, Lanes256.Sums>()
        : new RowPasses<Lanes128, Lanes128.Sums>();
}

/// <inheritdoc cref="IRowPasses"/>
internal sealed class RowPasses<TLanes, TSums> : IRowPasses
    where TLanes : struct, ILanes<TLanes, TSums>
    where TSums : struct
{
    private const int SegmentBlocks = IRowPasses.SegmentSize / TokenRow.BlockSize;

    public bool Maximum(TokenRow row, Span<float> groups, out float maximum)
    {
        var limit = TLanes.Broadcast(float.MaxValue);
        var valid = 0xFFFFu;
        var overall = TLanes.Broadcast(float.NegativeInfinity);
        for (var first = 0; first < row.Blocks; first += SegmentBlocks)
        {
            var even = TLanes.Broadcast(float.NegativeInfinity);
            var odd = even;
            for (var block = first; block < Math.Min(first + SegmentBlocks, row.Blocks); block++)
            {
                ref readonly var logits = ref row.LogitBlock(block);
                var (x0, x1) = (TLanes.Load(in logits, 0), TLanes.Load(in logits, 16));
                var (x2, x3) = (TLanes.Load(in logits, 32), TLanes.Load(in logits, 48));
                // A comparison with NaN fails, so this finds +infinity and NaN alike.
                valid &= x0.AtMost(limit) & x1.AtMost(limit) & x2.AtMost(limit) & x3.AtMost(limit);
                even = TLanes.Max(even, TLanes.Max(x0, x1));
                odd = TLanes.Max(odd, TLanes.Max(x2, x3));
            }
            var segment = TLanes.Max(even, odd);
            segment.Store(ref MemoryMarshal.GetReference(groups), first / SegmentBlocks * IRowPasses.SegmentGroups);
            overall = TLanes.Max(overall, segment);
        }
        Span<float> lanes = stackalloc float[16];
        overall.Store(ref MemoryMarshal.GetReference(lanes), 0);
        maximum = lanes[0];
        for (var lane = 1; lane < 16; lane++)
            maximum = MathF.Max(maximum, lanes[lane]);
        return valid == 0xFFFF && maximum > float.NegativeInfinity;
    }

    public double Weigh(TokenRow row, float maximum, ExpScale scale)
    {
        var top = TLanes.Broadcast(maximum);
        var sums = default(TSums);
        for (var block = 0; block < row.Blocks; block++)
        {
            ref readonly var logits = ref row.LogitBlock(block);
            ref var weights = ref row.WeightBlock(block);
            var w0 = (TLanes.Load(in logits, 0) - top).ExpOfNonPositive(scale);
            var w1 = (TLanes.Load(in logits, 16) - top).ExpOfNonPositive(scale);
            var w2 = (TLanes.Load(in logits, 32) - top).ExpOfNonPositive(scale);
            var w3 = (TLanes.Load(in logits, 48) - top).ExpOfNonPositive(scale);
            w0.Store(ref weights, 0);
            w1.Store(ref weights, 16);
            w2.Store(ref weights, 32);
            w3.Store(ref weights, 48);
            sums = TLanes.Accumulate(sums, (w0 + w1) + (w2 + w3));
        }
        return TLanes.Total(sums);
    }

    public double Weigh(TokenRow row, float maximum, ExpScale scale, out double naturalMass)
    {
        var natural = ExpScale.Natural;
        var top = TLanes.Broadcast(maximum);
        var sums = default(TSums);
        var naturalSums = default(TSums);
        for (var block = 0; block < row.Blocks; block++)
        {
            ref readonly var logits = ref row.LogitBlock(block);
            ref var weights = ref row.WeightBlock(block);
            var (x0, x1) = (TLanes.Load(in logits, 0) - top, TLanes.Load(in logits, 16) - top);
            var (x2, x3) = (TLanes.Load(in logits, 32) - top, TLanes.Load(in logits, 48) - top);
            var (w0, w1) = (x0.ExpOfNonPositive(scale), x1.ExpOfNonPositive(scale));
            var (w2, w3) = (x2.ExpOfNonPositive(scale), x3.ExpOfNonPositive(scale));
            w0.Store(ref weights, 0);
            w1.Store(ref weights, 16);
            w2.Store(ref weights, 32);
            w3.Store(ref weights, 48);
            sums = TLanes.Accumulate(sums, (w0 + w1) + (w2 + w3));
            var low = x0.ExpOfNonPositive(natural) + x1.ExpOfNonPositive(natural);
            var high = x2.ExpOfNonPositive(natural) + x3.ExpOfNonPositive(natural);
            naturalSums = TLanes.Accumulate(naturalSums, low + high);
        }
        naturalMass = TLanes.Total(naturalSums);
        return TLanes.Total(sums);
    }

    public (int Count, double Mass) Measure(TokenRow row, float threshold)
    {
        var least = TLanes.Broadcast(threshold);
        var sums = default(TSums);
        var count = 0;
        for (var block = 0; block < row.Blocks; block++)
        {
            ref readonly var logits = ref row.LogitBlock(block);
            ref var weights = ref row.WeightBlock(block);
            var (x0, x1) = (TLanes.Load(in logits, 0), TLanes.Load(in logits, 16));
            var (x2, x3) = (TLanes.Load(in logits, 32), TLanes.Load(in logits, 48));
            var low = TLanes.Load(in weights, 0).WhereAtLeast(x0, least) + TLanes.Load(in weights, 16).WhereAtLeast(x1, least);
            var high = TLanes.Load(in weights, 32).WhereAtLeast(x2, least) + TLanes.Load(in weights, 48).WhereAtLeast(x3, least);
            sums = TLanes.Accumulate(sums, low + high);
            count += BitOperations.PopCount(Bits(x0, x1, x2, x3, least));
        }
        return (count, TLanes.Total(sums));
    }

    public int Collect(TokenRow row, float low, float high, Span<int> indices)
    {
        var (least, limit) = (TLanes.Broadcast(low), TLanes.Broadcast(high));
        var count = 0;
        for (var block = 0; block < row.Blocks; block++)
        {
            ref readonly var logits = ref row.LogitBlock(block);
            var (x0, x1) = (TLanes.Load(in logits, 0), TLanes.Load(in logits, 16));
            var (x2, x3) = (TLanes.Load(in logits, 32), TLanes.Load(in logits, 48));
            var bits = Bits(x0, x1, x2, x3, least) & ~Bits(x0, x1, x2, x3, limit);
            if (bits == 0)
                continue;
            if (count + BitOperations.PopCount(bits) > indices.Length)
                return -1;
            for (; bits != 0; bits &= bits - 1)
                indices[count++] = (block * TokenRow.BlockSize) + BitOperations.TrailingZeroCount(bits);
        }
        return count;
    }

    public void Accumulate(TokenRow row, Cutoff cutoff, Span<double> masses)
    {
        // Ties survive up to one index: whole blocks before it, none after it, and its own block is corrected by hand.
        var edge = cutoff.LastTie / TokenRow.BlockSize;
        var withTies = TLanes.Broadcast(cutoff.Logit);
        var withoutTies = TLanes.Broadcast(float.BitIncrement(cutoff.Logit));
        var mass = 0.0;
        for (var block = 0; block < row.Blocks; block++)
        {
            ref readonly var logits = ref row.LogitBlock(block);
            ref var weights = ref row.WeightBlock(block);
            if (cutoff != Cutoff.None)
            {
                var least = block <= edge ? withTies : withoutTies;
                for (var lane = 0; lane < TokenRow.BlockSize; lane += 16)
                    TLanes.Load(in weights, lane).WhereAtLeast(TLanes.Load(in logits, lane), least).Store(ref weights, lane);
                if (block == edge)
                    DropTies(row, cutoff, block);
            }
            var sums = TLanes.Accumulate(default, TLanes.Load(in weights, 0));
            sums = TLanes.Accumulate(sums, TLanes.Load(in weights, 16));
            sums = TLanes.Accumulate(sums, TLanes.Load(in weights, 32));
            sums = TLanes.Accumulate(sums, TLanes.Load(in weights, 48));
            mass += TLanes.Total(sums);
            masses[block] = mass;
        }
    }

    private static void DropTies(TokenRow row, Cutoff cutoff, int block)
    {
        var end = Math.Min((block + 1) * TokenRow.BlockSize, row.Count);
        for (var index = cutoff.LastTie + 1; index < end; index++)
        {
            if (row.Logits[index] == cutoff.Logit)
                row.Weights[index] = 0;
        }
    }

    private static ulong Bits(TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes threshold) =>
        x0.AtLeast(threshold) | ((ulong)x1.AtLeast(threshold) << 16)
        | ((ulong)x2.AtLeast(threshold) << 32) | ((ulong)x3.AtLeast(threshold) << 48);
}
