using System.Runtime.Intrinsics;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>The kernels of one vector width, chosen once.</summary>
internal abstract class CpuKernels
{
    public static CpuKernels Of(InstructionSet choice) => choice switch
    {
        InstructionSet.Vector512 => new CpuKernels<Simd512, Vector512<float>>(),
        InstructionSet.Vector256 => new CpuKernels<Simd256, Vector256<float>>(),
        _ => new CpuKernels<Simd128, Vector128<float>>(),
    };

    /// <summary>
    /// Computes one item of a product; `scratch` has <see cref="PanelProduct.ScratchFloats"/> floats from float `first` on.
    /// </summary>
    public abstract void Multiply(PanelProduct product, int item, NativeBuffer scratch, long first);

    /// <summary>RMS norm of row `sourceRow` into row `row`, both of `stride` floats (a multiple of 48) of which `width` are used.</summary>
    public abstract void RmsNorm(
        NativeBuffer source, int sourceRow, NativeBuffer weight, NativeBuffer destination, int row, int stride, int width, float epsilon);

    /// <summary>Rounds a row of `stride` floats to BF16.</summary>
    public abstract void Round(NativeBuffer source, NativeBuffer destination, int row, int stride);

    /// <summary>A token's embedding into a row of `stride` floats.</summary>
    public abstract void Gather(PackedMatrix embedding, int token, NativeBuffer destination, int row, int stride);

    /// <summary>
    /// Norms, rotates and scales a row's queries in place; norms and rotates its keys and puts them and the values in the cache.
    /// </summary>
    public abstract void StoreKeysAndValues(HeadPhase phase, int row);

    /// <summary>Attention of a task for one key/value head.</summary>
    public abstract void Attend(AttentionPhase phase, in AttentionTask task, int keyValueHead, NativeBuffer scratch, long first);
}

internal sealed unsafe class CpuKernels<TSimd, V> : CpuKernels
    where TSimd : struct, ISimd<V>
    where V : struct
{
    public override void Multiply(PanelProduct product, int item, NativeBuffer scratch, long first)
    {
        switch (product.Matrix.Type)
        {
            case DataType.F32:
                ProductKernels<TSimd, V, F32Panels>.Item(product, item, scratch.Floats + first);
                break;
            case DataType.F16:
                ProductKernels<TSimd, V, F16Panels>.Item(product, item, scratch.Floats + first);
                break;
            case DataType.BF16:
                ProductKernels<TSimd, V, BF16Panels>.Item(product, item, scratch.Floats + first);
                break;
            default:
                throw new InvalidOperationException($"No kernel for weights of type {product.Matrix.Type}.");
        }
    }

    public override void RmsNorm(
        NativeBuffer source, int sourceRow, NativeBuffer weight, NativeBuffer destination, int row, int stride, int width, float epsilon) =>
        RowKernels<TSimd, V>.RmsNorm(
            source.Floats + ((long)sourceRow * stride), weight.Floats, destination.Floats + ((long)row * stride), stride, width, epsilon);

    public override void Round(NativeBuffer source, NativeBuffer destination, int row, int stride) => DotProductKernels.Round(
        source.Floats + ((long)row * stride), (ushort*)destination.Bytes + ((long)row * stride), stride);

    public override void Gather(PackedMatrix embedding, int token, NativeBuffer destination, int row, int stride)
    {
        // The padding too: a row of NaN, multiplied by the padding's zeros, leaves NaN there, which must not outlive its step.
        destination.Span<float>((long)row * stride, stride).Clear();
        RowKernels<TSimd, V>.Gather(embedding, token, destination.Floats + ((long)row * stride));
    }

    public override void StoreKeysAndValues(HeadPhase phase, int row) => HeadKernels<TSimd, V>.Row(phase, row);

    public override void Attend(AttentionPhase phase, in AttentionTask task, int keyValueHead, NativeBuffer scratch, long first) =>
        AttentionKernels<TSimd, V>.Run(phase, task, keyValueHead, scratch.Floats + first);
}
