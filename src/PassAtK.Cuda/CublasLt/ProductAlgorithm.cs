using System.Runtime.InteropServices;
using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>
/// One way cuBLASLt knows to make a product, with the settings that say what its arithmetic is. Equal where the settings are.
/// </summary>
internal sealed unsafe class ProductAlgorithm : IEquatable<ProductAlgorithm>
{
    private readonly CublasLtAlgorithm _algorithm;

    private ProductAlgorithm(in CublasLtAlgorithm algorithm, bool sumsInOnePart, string description) =>
        (_algorithm, SumsInOnePart, Description) = (algorithm, sumsInOnePart, description);

    /// <summary>Bytes of <see cref="ToBytes"/>.</summary>
    public static int Size => sizeof(CublasLtAlgorithm);

    /// <summary>The settings, which also tell algorithms apart.</summary>
    public string Description { get; }

    public ref readonly CublasLtAlgorithm Native => ref _algorithm;

    /// <summary>Whether every element is one sum over the inputs, not a sum of parts.</summary>
    public bool SumsInOnePart { get; }

    /// <summary>Reads the settings; null where the library does not know them: these are not the bytes of an algorithm of its.</summary>
    public static ProductAlgorithm? TryRead(in CublasLtAlgorithm algorithm)
    {
        if (!TryGet<int>(algorithm, CublasLtAlgorithmAttribute.SplitK, out var splitK)
            || !TryGet<int>(algorithm, CublasLtAlgorithmAttribute.ReductionScheme, out var reductionScheme)
            || !TryGet<int>(algorithm, CublasLtAlgorithmAttribute.Id, out var id)
            || !TryGet<int>(algorithm, CublasLtAlgorithmAttribute.Tile, out var tile)
            || !TryGet<int>(algorithm, CublasLtAlgorithmAttribute.Stages, out var stages)
            || !TryGet<int>(algorithm, CublasLtAlgorithmAttribute.Swizzle, out var swizzle)
            || !TryGet<int>(algorithm, CublasLtAlgorithmAttribute.CustomOption, out var option)
            || !TryGet<ushort>(algorithm, CublasLtAlgorithmAttribute.InnerShape, out var inner)
            || !TryGet<ushort>(algorithm, CublasLtAlgorithmAttribute.ClusterShape, out var cluster))
        {
            return null;
        }
        return new ProductAlgorithm(
            algorithm, splitK <= 1 && reductionScheme == 0,
            $"algorithm {id}, tile {tile}, stages {stages}, swizzle {swizzle}, option {option}, inner {inner}, cluster {cluster}");
    }

    /// <summary>Null where the bytes are not those of an algorithm of this library.</summary>
    public static ProductAlgorithm? FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size ? TryRead(MemoryMarshal.Read<CublasLtAlgorithm>(bytes)) : null;

    public byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<CublasLtAlgorithm>(in _algorithm)).ToArray();

    public bool Equals(ProductAlgorithm? other) => other is not null && other.Description == Description;

    public override bool Equals(object? obj) => Equals(obj as ProductAlgorithm);

    public override int GetHashCode() => Description.GetHashCode(StringComparison.Ordinal);

    private static bool TryGet<T>(in CublasLtAlgorithm algorithm, CublasLtAlgorithmAttribute attribute, out T value) where T : unmanaged
    {
        T read = default;
        var status = CublasLtApi.AlgorithmGetAttribute(algorithm, attribute, &read, (nuint)sizeof(T), out _);
        value = read;
        return status == 0;
    }
}
