using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// Reads a JSON Lines file (UTF-8, plain or gzip, one object a line, blank lines skipped) one line at a time: memory is bounded by the
/// longest line, and that by <see cref="LongestLine"/>.
/// </summary>
internal static class JsonLines
{
    public const int LongestLine = 16 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The lines in file order. A line's fields are valid until the next one is asked for.</summary>
    /// <exception cref="InputException">The file cannot be read, or a line is not a JSON object in UTF-8.</exception>
    public static IEnumerable<JsonLine> Read(string path)
    {
        using var stream = Open(path);
        var buffer = new byte[1 << 16];
        var filled = 0;
        var number = 0;
        var ended = false;
        while (!ended)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            var read = ReadMore(stream, path, buffer.AsMemory(filled));
            ended = read == 0;
            filled += read;

            var start = 0;
            while (start < filled)
            {
                var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
                if (length < 0 && !ended)
                    break;
                if (length < 0)
                    length = filled - start;
                number++;
                var bytes = TrimmedLine(buffer.AsMemory(start, length), first: number == 1);
                start += length + 1;
                if (bytes.IsEmpty)
                    continue;
                using var document = Parse(path, number, bytes);
                yield return new JsonLine(path, number, document.RootElement, Encoding.UTF8.GetString(bytes.Span));
            }
            start = Math.Min(start, filled);
            filled -= start;
            buffer.AsSpan(start, filled).CopyTo(buffer);
            if (filled > LongestLine)
                throw new InputException(
                    $"{path}, line {number + 1}: the line is longer than {LongestLine} bytes, expected a JSON object.");
        }
    }

    private static Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var found = Directory.Exists(path) ? "this is a folder" : "cannot be opened for reading";
            throw new InputException($"{path}: {found}, expected a file of JSON lines.", cause);
        }
    }

    /// <summary>By its first two bytes; a pipe is taken as it is.</summary>
    private static bool IsCompressed(FileStream file)
    {
        if (!file.CanSeek)
            return false;
        Span<byte> start = stackalloc byte[2];
        var compressed = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1F, 0x8B];
        file.Position = 0;
        return compressed;
    }

    private static int ReadMore(Stream stream, string path, Memory<byte> buffer)
    {
        try
        {
            return stream.Read(buffer.Span);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException($"{path}: cannot be read, expected a file of JSON lines.", cause);
        }
    }

    private static ReadOnlyMemory<byte> TrimmedLine(ReadOnlyMemory<byte> line, bool first)
    {
        if (first && line.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            line = line[3..];
        return line.Trim(" \t\r"u8);
    }

    private static JsonDocument Parse(string path, int number, ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
            throw new InputException($"{path}, line {number}: the line is not valid UTF-8, expected a JSON object in UTF-8.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line, Strict);
        }
        catch (JsonException cause)
        {
            // A field that comes twice is the one fault that has no place.
            var what = cause.BytePositionInLine is { } at ? $"is not valid JSON at byte {at + 1}" : "names a field twice";
            throw new InputException($"{path}, line {number}: the line {what}, expected a JSON object.", cause);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw new InputException($"{path}, line {number}: found a JSON value that is not an object, expected a JSON object.");
    }
}
