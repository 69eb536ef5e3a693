using System.Runtime.InteropServices;
using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>One way cuBLASLt knows to make a product, with the settings that say what its arithmetic is.</summary>
internal sealed unsafe class ProductAlgorithm
{
    private readonly CublasLtAlgorithm _algorithm;
    private readonly int _splitK;
    private readonly int _reductionScheme;

    public ProductAlgorithm(in CublasLtAlgorithm algorithm)
    {
        _algorithm = algorithm;
        _splitK = Read<int>(CublasLtAlgorithmAttribute.SplitK);
        _reductionScheme = Read<int>(CublasLtAlgorithmAttribute.ReductionScheme);
        Description =
            $"algorithm {Read<int>(CublasLtAlgorithmAttribute.Id)}, tile {Read<int>(CublasLtAlgorithmAttribute.Tile)}, "
            + $"stages {Read<int>(CublasLtAlgorithmAttribute.Stages)}, swizzle {Read<int>(CublasLtAlgorithmAttribute.Swizzle)}, "
            + $"option {Read<int>(CublasLtAlgorithmAttribute.CustomOption)}, inner {Read<ushort>(CublasLtAlgorithmAttribute.InnerShape)}, "
            + $"cluster {Read<ushort>(CublasLtAlgorithmAttribute.ClusterShape)}";
    }

    /// <summary>The settings, which also tell algorithms apart.</summary>
    public string Description { get; }

    public ref readonly CublasLtAlgorithm Native => ref _algorithm;

    /// <summary>Whether every element is one sum over the inputs, not a sum of parts.</summary>
    public bool SumsInOnePart => _splitK <= 1 && _reductionScheme == 0;

    public byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<CublasLtAlgorithm>(in _algorithm)).ToArray();

    /// <summary>Null where the bytes are not those of an algorithm of this library.</summary>
    public static ProductAlgorithm? FromBytes(byte[] bytes)
    {
        if (bytes.Length != sizeof(CublasLtAlgorithm))
            return null;
        try
        {
            return new ProductAlgorithm(MemoryMarshal.Read<CublasLtAlgorithm>(bytes));
        }
        catch (CudaException)
        {
            return null;
        }
    }

    private T Read<T>(CublasLtAlgorithmAttribute attribute) where T : unmanaged
    {
        T value = default;
        CublasLt.Check(
            CublasLtApi.AlgorithmGetAttribute(_algorithm, attribute, &value, (nuint)sizeof(T), out _),
            $"cublasLtMatmulAlgoConfigGetAttribute({attribute})");
        return value;
    }
}
