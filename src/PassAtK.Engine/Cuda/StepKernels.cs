using PassAtK.Cuda;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>All kernels of a step but the products with weights, compiled for one model and loaded before anything is captured.</summary>
internal sealed class StepKernels
{
    /// <exception cref="CudaException">NVRTC is missing, or a kernel does not compile or load.</exception>
    public StepKernels(CudaContext context, KernelCompiler compiler, ModelConfig config, DataType type)
    {
        var elementF16 = type == DataType.F16;
        Gather = new GatherEmbedding(compiler, elementF16);
        Norm = new RmsNorm(compiler, config.HiddenSize, elementF16);
        Rope = new RopeStoreKv(compiler, config.HeadDimension, elementF16);
        Silu = new SiluMultiply(compiler, elementF16);
        Copy = new CopyBlocks(compiler, context.Multiprocessors);
        Attention = new AttentionKernels(context, compiler, config.HeadDimension, config.HeadCount, config.KeyValueHeadCount, elementF16);
        Sampler = new SampleNucleus(compiler);
    }

    public GatherEmbedding Gather { get; }

    public RmsNorm Norm { get; }

    public RopeStoreKv Rope { get; }

    public SiluMultiply Silu { get; }

    public CopyBlocks Copy { get; }

    public AttentionKernels Attention { get; }

    public SampleNucleus Sampler { get; }
}
