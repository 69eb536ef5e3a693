using PassAtK.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>Times one kernel by itself on the first device.</summary>
public static class KernelBenchmark
{
    /// <summary>What can be timed.</summary>
    public static IReadOnlyList<string> Names { get; } = ["attention_segments", "copy", "cublaslt", "gemm_bf16", "sample_nucleus"];

    /// <exception cref="InputException">There is no kernel of that name.</exception>
    /// <exception cref="CudaException">The device or a library of it fails.</exception>
    public static KernelResult Measure(string name, KernelSizes sizes)
    {
        if (!Names.Contains(name))
            throw new InputException($"--kernel is '{name}', expected one of {string.Join(", ", Names)}.");
        using var context = CudaContext.Create();
        using var compiler = new KernelCompiler(context, new CubinCache(CubinCache.DefaultFolder));
        return name switch
        {
            "attention_segments" => AttentionBenchmark.Measure(context, compiler, sizes),
            "copy" => CopyBenchmark.Measure(context, sizes),
            "cublaslt" => ProductBenchmark.MeasureCublasLt(context, sizes),
            "gemm_bf16" => ProductBenchmark.MeasureKernel(context, compiler, sizes),
            _ => SampleBenchmark.Measure(context, compiler, sizes),
        };
    }
}
