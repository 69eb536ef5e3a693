using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Tests.Backends;

/// <summary>What the suites of all backends need to know of one: how to make it, what it runs, how precise it is.</summary>
public abstract class BackendUnderTest
{
    /// <summary>Types of weights that it runs.</summary>
    public abstract IReadOnlyList<DataType> Types { get; }

    /// <summary>How activations are rounded between kernels, if they are, with weights of this type.</summary>
    public virtual Func<double, double>? Rounding(DataType type) => null;

    /// <summary>Largest error of a logit, against a reference that rounds alike, as a fraction of the largest logit of the row.</summary>
    public abstract double Tolerance(DataType type);

    /// <summary>Whether the suites are to run such a model.</summary>
    public abstract bool Supports(ModelConfig config);

    public abstract IBackend Create(IWeightSource model, int blocks, int maxRows);

    /// <summary>Fills <paramref name="logits"/> with the logits of a plan's logits rows.</summary>
    internal static void ComputeLogits(IBackend backend, StepPlan plan, Span<float> logits)
    {
        switch (backend)
        {
            case CpuBackend cpu:
                cpu.ComputeLogits(plan, logits);
                break;
            case CudaBackend cuda:
                cuda.ComputeLogits(plan, logits);
                break;
            default:
                throw new ArgumentException($"{backend.Name} shows no logits.", nameof(backend));
        }
    }
}
