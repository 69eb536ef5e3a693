using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Cuda;

/// <summary>
/// Compiled kernels in a folder, one file a key. Files are written apart and renamed, so processes may share the folder; a file that is
/// not whole counts as absent. Where the folder cannot be written nothing is cached.
/// </summary>
/// <remarks>File: "PAKCUBN1", SHA-256 of the rest, then length and UTF-8 of the compiler's log, then the machine code.</remarks>
public sealed class CubinCache(string folder)
{
    private const int HashOffset = 8;
    private const int BodyOffset = HashOffset + SHA256.HashSizeInBytes;
    private const int LogOffset = BodyOffset + sizeof(int);

    /// <summary>The sub-folder `cubin` of PASSATK_CACHE, else of XDG_CACHE_HOME/passatk, else of ~/.cache/passatk.</summary>
    public static string DefaultFolder { get; } = Path.Combine(CacheFolder(), "cubin");

    public string Folder { get; } = folder;

    private static ReadOnlySpan<byte> Magic => "PAKCUBN1"u8;

    /// <summary>What was written under the key; null where there is nothing, or not all of it.</summary>
    public NvrtcCompilation? TryRead(string key)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(PathOf(key));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        return Decode(bytes);
    }

    /// <summary>Keeps a result, whole or not at all.</summary>
    public void Write(string key, NvrtcCompilation compilation)
    {
        var path = PathOf(key);
        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllBytes(temporary, Encode(compilation));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
        }
    }

    private string PathOf(string key) => Path.Combine(Folder, $"{key}.cubin");

    private static byte[] Encode(NvrtcCompilation compilation)
    {
        var log = Encoding.UTF8.GetBytes(compilation.Log);
        var bytes = new byte[LogOffset + log.Length + compilation.Cubin.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(BodyOffset), log.Length);
        log.CopyTo(bytes, LogOffset);
        compilation.Cubin.CopyTo(bytes, LogOffset + log.Length);
        SHA256.HashData(bytes.AsSpan(BodyOffset), bytes.AsSpan(HashOffset));
        return bytes;
    }

    private static NvrtcCompilation? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LogOffset || !bytes.StartsWith(Magic))
            return null;
        if (!SHA256.HashData(bytes[BodyOffset..]).AsSpan().SequenceEqual(bytes[HashOffset..BodyOffset]))
            return null;
        var logLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[BodyOffset..]);
        return new NvrtcCompilation(
            bytes[(LogOffset + logLength)..].ToArray(), Encoding.UTF8.GetString(bytes.Slice(LogOffset, logLength)));
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A temporary file that stays costs a few kilobytes.
        }
    }

    private static string CacheFolder()
    {
        if (Environment.GetEnvironmentVariable("PASSATK_CACHE") is { Length: > 0 } named)
            return named;
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches)
            return Path.Combine(caches, "passatk");
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "passatk");
    }
}
