using PassAtK.Cuda;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>All kernels of a step, compiled for one model and loaded before anything is captured.</summary>
internal sealed class StepKernels : IDisposable
{
    private readonly KernelCompiler _compiler;

    private StepKernels(CudaContext context, KernelCompiler compiler, ModelConfig config, DataType type)
    {
        _compiler = compiler;
        var elementF16 = type == DataType.F16;
        Products = new KernelProduct(compiler, context.Multiprocessors, elementF16);
        Gather = new GatherEmbedding(compiler, elementF16);
        Norm = new RmsNorm(compiler, config.HiddenSize, elementF16);
        Rope = new RopeStoreKv(compiler, config.HeadDimension, elementF16);
        Silu = new SiluMultiply(compiler, elementF16);
        Copy = new CopyBlocks(compiler, context.Multiprocessors);
        Attention = new AttentionKernels(context, compiler, config.HeadDimension, config.HeadCount, config.KeyValueHeadCount, elementF16);
        Sampler = new SampleNucleus(compiler);
    }

    /// <summary>Compiles (or takes from the cache) and loads all of them.</summary>
    /// <exception cref="CudaException">NVRTC is missing, or a kernel does not compile or load.</exception>
    public static StepKernels Load(CudaContext context, ModelConfig config, DataType type, CudaBackendTuning tuning)
    {
        var compiler = new KernelCompiler(context, tuning.Cache ?? new CubinCache(CubinCache.DefaultFolder)) { ExtraOptions = tuning.CompilerOptions };
        try
        {
            return new StepKernels(context, compiler, config, type);
        }
        catch
        {
            compiler.Dispose();
            throw;
        }
    }

    public IMatrixProduct Products { get; }

    public GatherEmbedding Gather { get; }

    public RmsNorm Norm { get; }

    public RopeStoreKv Rope { get; }

    public SiluMultiply Silu { get; }

    public CopyBlocks Copy { get; }

    public AttentionKernels Attention { get; }

    public SampleNucleus Sampler { get; }

    public void Dispose() => Products.Dispose();
}
