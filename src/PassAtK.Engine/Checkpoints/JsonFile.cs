using System.Text;
using System.Text.Json;

namespace PassAtK.Engine.Checkpoints;

/// <summary>Reads a JSON file whose root is an object, strictly: UTF-8, no comments, no duplicate keys.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InputException">
    /// The file is absent, unreadable, longer than <paramref name="maxLength"/> bytes, or not such JSON.
    /// </exception>
    public static JsonFields Read(string path, long maxLength)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > maxLength)
                throw new InputException($"{name} has {stream.Length} bytes, expected at most {maxLength}.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            // From a string, because only that rejects invalid UTF-8 inside of strings up front.
            using var document = JsonDocument.Parse(Utf8.GetString(bytes), Strict);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? new JsonFields(name, root)
                : throw new InputException($"{name} holds a JSON {root.ValueKind}, expected an object.");
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{name} is missing from {Path.GetDirectoryName(path)}, expected a Hugging Face model folder.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{name} cannot be read: {cause.Message}", cause);
        }
        catch (DecoderFallbackException cause)
        {
            throw new InputException($"{name} is not UTF-8 text, expected JSON.", cause);
        }
        // The parser gives no place for a duplicate key, its only complaint that is not about syntax.
        catch (JsonException cause) when (cause.LineNumber is null)
        {
            throw new InputException($"{name} has the same key twice in one object, expected each once.", cause);
        }
        catch (JsonException cause)
        {
            throw new InputException(
                $"{name} is not valid JSON at line {cause.LineNumber + 1}, byte {cause.BytePositionInLine + 1}, expected one object.",
                cause);
        }
        catch (InvalidOperationException cause)
        {
            throw new InputException($"{name} holds a string with half a surrogate pair, expected valid Unicode.", cause);
        }
    }
}
