using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// What identifies a model in a run store: the SHA-256, in lower-case hex, over the files that decide its samples. In this order, each
/// where present: `config.json`, `generation_config.json`, `tokenizer.json`, `tokenizer_config.json`, `chat_template.jinja`, then the
/// weight files in ordinal order of their names. Before each file's bytes stand its name in UTF-8, a zero byte, and its length in 8
/// bytes, little-endian: so no two different folders give the same stream.
/// </summary>
public static class CheckpointFingerprint
{
    private const int BufferLength = 4 << 20;

    private static readonly string[] SmallFiles =
    [
        ModelConfigReader.ConfigName,
        ModelConfigReader.GenerationConfigName,
        "tokenizer.json",
        "tokenizer_config.json",
        "chat_template.jinja",
    ];

    /// <param name="folder">The model folder.</param>
    /// <param name="weightFiles">Names of its weight files.</param>
    /// <param name="cancellation">Looked at between buffers.</param>
    /// <exception cref="InputException">A file cannot be read.</exception>
    public static string Compute(string folder, IReadOnlyList<string> weightFiles, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var present = SmallFiles.Where(name => File.Exists(Path.Combine(folder, name)));
        foreach (var name in present.Concat(weightFiles.Order(StringComparer.Ordinal)))
        {
            try
            {
                Append(hash, Path.Combine(folder, name), name, cancellation);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{name} cannot be read: {cause.Message}", cause);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hashes one buffer while the next is read, so that the slower of disk and SHA-256 sets the pace.</summary>
    private static void Append(IncrementalHash hash, string path, string name, CancellationToken cancellation)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        AppendPrefix(hash, name, length);
        var size = (int)Math.Min(BufferLength, length);
        var (current, next) = (new byte[size], new byte[size]);
        long offset = 0;
        var filled = RandomAccess.Read(file, current, offset);
        while (filled > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            offset += filled;
            var (from, target) = (offset, next);
            var reading = Task.Run(() => RandomAccess.Read(file, target, from), CancellationToken.None);
            hash.AppendData(current, 0, filled);
            filled = reading.GetAwaiter().GetResult();
            (current, next) = (next, current);
        }
        if (offset != length)
            throw new InputException($"{name} changed while it was read: {offset} bytes came, expected {length}.");
    }

    private static void AppendPrefix(IncrementalHash hash, string name, long length)
    {
        Span<byte> lengthBytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(lengthBytes, length);
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        hash.AppendData([0]);
        hash.AppendData(lengthBytes);
    }
}
