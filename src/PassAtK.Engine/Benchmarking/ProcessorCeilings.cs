using System.Diagnostics;
using System.Runtime.Intrinsics;
using PassAtK.Engine.Cpu;

namespace PassAtK.Engine.Benchmarking;

/// <summary>What so many threads of this processor reach at best: reading memory, and multiply-adds: in F32 on registers, or BF16 dot
/// products on a tile that the nearest cache holds.</summary>
public static class ProcessorCeilings
{
    /// <summary>More than the caches of most processors, and little beside a model.</summary>
    private const long Bytes = 256 << 20;

    private const long PieceBytes = 1 << 20;
    private const int FmaIterations = 1 << 20;
    private const int DotPairs = 96;
    private const int DotRows = 8;
    private const int DotIterations = 1 << 11;
    private const int Repetitions = 7;

    /// <summary>
    /// Takes some tenths of a second and 256 MiB, given back before it returns. The fastest of several repetitions counts.
    /// </summary>
    /// <param name="threads">Threads that compute; 0 means one for each processor.</param>
    /// <param name="rounded">Whether products are of BF16 numbers, which <see cref="CpuBackendOptions.RoundActivations"/> needs.</param>
    /// <exception cref="InputException">They are, and this processor has no instruction for them.</exception>
    public static Ceilings Measure(int threads, bool rounded = false)
    {
        if (rounded)
            DotProductKernels.Demand();
        var ceilings = Measure(threads, InstructionSets.Resolve(InstructionSet.Auto));
        return rounded ? ceilings with { FlopsPerSecond = DotProducts(threads), Product = "BF16 dot products" } : ceilings;
    }

    internal static Ceilings Measure(int threads, InstructionSet set) => set switch
    {
        InstructionSet.Vector512 => Measure<Simd512, Vector512<float>>(threads),
        InstructionSet.Vector256 => Measure<Simd256, Vector256<float>>(threads),
        _ => Measure<Simd128, Vector128<float>>(threads),
    };

    private static Ceilings Measure<TSimd, V>(int threads)
        where TSimd : struct, ISimd<V>
        where V : struct
    {
        using var pool = new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount);
        using var memory = new NativeBuffer(Bytes);
        // Written, not read: each sum goes where the compiler cannot leave it out.
        var sums = new float[pool.Workers * 16];
        var read = Fastest(() => pool.Run(
            (int)(Bytes / PieceBytes),
            (piece, worker) => sums[16 * worker] += CeilingKernels<TSimd, V>.Sum(memory, piece * PieceBytes, PieceBytes)));
        var items = 4 * pool.Workers;
        var multiply = Fastest(() => pool.Run(
            items, (_, worker) => sums[16 * worker] += CeilingKernels<TSimd, V>.MultiplyAdd(FmaIterations, 1e-9f)));
        var flops = 2.0 * items * FmaIterations * CeilingKernels<TSimd, V>.Chains * TSimd.Lanes;
        return new Ceilings(
            pool.Workers == 1 ? "1 thread" : $"{pool.Workers} threads", "reads", Bytes / read, flops / multiply, "F32 multiply-adds");
    }

    private static unsafe double DotProducts(int threads)
    {
        using var pool = new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount);
        using var rows = new NativeBuffer(pool.Workers * DotRows * 2 * DotPairs * sizeof(ushort));
        using var panels = new NativeBuffer((long)pool.Workers * DotPairs * BF16Panels.PairBytes);
        using var sums = new NativeBuffer(pool.Workers * DotRows * PackedMatrix.PanelOutputs * sizeof(float));
        var items = 4 * pool.Workers;
        var seconds = Fastest(() => pool.Run(items, (_, worker) =>
        {
            for (var iteration = 0; iteration < DotIterations; iteration++)
            {
                DotProductKernels.Panel(
                    (ushort*)rows.Bytes + (worker * DotRows * 2 * DotPairs), 2 * DotPairs, DotRows,
                    panels.Bytes + (worker * DotPairs * BF16Panels.PairBytes), DotPairs,
                    (float*)sums.Bytes + (worker * DotRows * PackedMatrix.PanelOutputs), resume: false);
            }
        }));
        return 2.0 * items * DotIterations * DotRows * PackedMatrix.PanelOutputs * 2 * DotPairs / seconds;
    }

    private static double Fastest(Action work)
    {
        work();
        var fastest = double.MaxValue;
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return fastest;
    }
}
