using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/rope_store_kv.cu; D is the head dimension.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RopeStoreKvParams
{
    /// <summary>Element `[rows, heads + 2 KV heads, D]`: queries, rotated in place; then keys and values.</summary>
    public DevicePointer Heads;

    /// <summary>One layer of the KV cache: Element `[block][keys, values][KV head][16][D]`, written.</summary>
    public DevicePointer Cache;

    /// <summary>int `[rows]`.</summary>
    public DevicePointer Positions;

    /// <summary>int `[rows]`: 16 block + place in it.</summary>
    public DevicePointer Slots;

    /// <summary>F32 pairs (cos, sin) `[positions, D / 2]`.</summary>
    public DevicePointer Rope;

    /// <summary>F32 `[D]`, or null where the model does not normalise queries by head.</summary>
    public DevicePointer QueryNorm;

    /// <summary>F32 `[D]`, or null where the model does not normalise keys by head.</summary>
    public DevicePointer KeyNorm;

    /// <summary>One int: how many rows there are.</summary>
    public DevicePointer RowCount;

    public int HeadCount;
    public int KeyValueHeads;

    /// <summary>Of the norms.</summary>
    public float Epsilon;

    private readonly int _reserved;
}

/// <summary>Rotates queries and keys by position and stores keys and values in the paged cache.</summary>
public sealed class RopeStoreKv
{
    private const int WarpsPerBlock = 8;

    private readonly CudaKernel _kernel;

    /// <exception cref="ArgumentOutOfRangeException">The head dimension is not a multiple of 16 in 16..128.</exception>
    public RopeStoreKv(KernelCompiler compiler, int headDimension, bool elementF16)
    {
        if (headDimension is < 16 or > 128 || headDimension % 16 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(headDimension), headDimension, "rope_store_kv: the head dimension must be a multiple of 16 in 16..128.");
        }
        _kernel = compiler.Load("rope_store_kv.cu", "rope_store_kv", RowLayout.Define(elementF16), $"HEAD_DIM={headDimension}");
    }

    /// <param name="parameters">See <see cref="RopeStoreKvParams"/>.</param>
    /// <param name="maxRows">Rows launched for; the kernel skips those from the count in device memory on.</param>
    /// <param name="stream">Where it runs.</param>
    public void Launch(in RopeStoreKvParams parameters, int maxRows, CudaStream stream)
    {
        var warps = (long)maxRows * (parameters.HeadCount + (2 * parameters.KeyValueHeads));
        if (warps > 0)
            _kernel.Launch(parameters, new Dim3(RowLayout.Tiles(warps, WarpsPerBlock)), new Dim3(32 * WarpsPerBlock), 0, stream);
    }
}
