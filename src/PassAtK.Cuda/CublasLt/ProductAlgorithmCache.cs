using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Cuda;

/// <summary>
/// The algorithms chosen for a product, kept in a folder by GPU, library version and shape. Losing them costs a search, which finds the
/// same bits.
/// </summary>
public sealed class ProductAlgorithmCache(string folder)
{
    /// <summary>The sub-folder `cublaslt` beside the compiled kernels.</summary>
    public static string DefaultFolder { get; } = Path.Combine(Path.GetDirectoryName(CubinCache.DefaultFolder)!, "cublaslt");

    private readonly CubinCache _files = new(folder);

    /// <summary>The kept choices in words, one for each product.</summary>
    public IEnumerable<string> Descriptions() => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.cubin").Order(StringComparer.Ordinal)
            .Select(file => _files.TryRead(Path.GetFileNameWithoutExtension(file))?.Log).OfType<string>()
        : [];

    /// <summary>What the choice depends on, hashed.</summary>
    internal static string Key(CudaDevice device, long version, ProjectionShape shape)
    {
        // The last part is the form of what is kept.
        var text = $"{device.Name}|{device.Multiprocessors}|{version}|{shape}|{shape.InputStride}|{shape.OutputStride}|2";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    internal byte[]? TryRead(string key) => _files.TryRead(key)?.Cubin;

    internal void Write(string key, byte[] algorithm, string description) =>
        _files.Write(key, new NvrtcCompilation(algorithm, description));
}
