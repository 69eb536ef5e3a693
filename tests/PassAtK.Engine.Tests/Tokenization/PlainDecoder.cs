using System.Text;
using System.Text.Json;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>
/// Decoding of a whole list of tokens at once, each decoder a function from lists of texts to lists of texts: the plainest reading of
/// the format, for comparison with decoding as a stream. Special tokens are left out.
/// </summary>
internal sealed class PlainDecoder
{
    private static readonly Dictionary<char, byte> Levels = BuildLevels();

    private readonly Dictionary<int, string> _tokens = [];
    private readonly HashSet<int> _special = [];
    private readonly JsonElement? _decoder;

    public PlainDecoder(string json)
    {
        var root = JsonDocument.Parse(json).RootElement;
        foreach (var token in root.GetProperty("model").GetProperty("vocab").EnumerateObject())
            _tokens[token.Value.GetInt32()] = token.Name;
        foreach (var token in root.GetProperty("added_tokens").EnumerateArray())
        {
            var id = token.GetProperty("id").GetInt32();
            _tokens[id] = token.GetProperty("content").GetString()!;
            if (token.GetProperty("special").GetBoolean())
                _special.Add(id);
        }
        _decoder = root.GetProperty("decoder") is { ValueKind: JsonValueKind.Object } decoder ? decoder : null;
    }

    public string Decode(IEnumerable<int> tokens)
    {
        var texts = tokens.Where(token => _tokens.ContainsKey(token) && !_special.Contains(token)).Select(token => _tokens[token]).ToList();
        return _decoder is { } decoder ? string.Concat(Apply(decoder, texts)) : string.Join(' ', texts);
    }

    private static List<string> Apply(JsonElement decoder, List<string> texts) => decoder.GetProperty("type").GetString() switch
    {
        "Sequence" => decoder.GetProperty("decoders").EnumerateArray().Aggregate(texts, (current, next) => Apply(next, current)),
        "Fuse" => [string.Concat(texts)],
        "ByteLevel" => [Encoding.UTF8.GetString([.. texts.SelectMany(LevelBytes)])],
        "ByteFallback" => Bytes(texts),
        "Replace" => [.. texts.Select(text => text.Replace(
            decoder.GetProperty("pattern").GetProperty("String").GetString()!, decoder.GetProperty("content").GetString(), StringComparison.Ordinal))],
        "Strip" => [.. texts.Select(text => Strip(text, decoder))],
        "Metaspace" => [.. texts.Select((text, i) => text.Replace(
            decoder.GetProperty("replacement").GetString()!,
            i == 0 && decoder.GetProperty("prepend_scheme").GetString() != "never" ? "" : " ",
            StringComparison.Ordinal))],
        var other => throw new NotSupportedException(other),
    };

    private static IEnumerable<byte> LevelBytes(string text) =>
        text.All(Levels.ContainsKey) ? text.Select(character => Levels[character]) : Encoding.UTF8.GetBytes(text);

    // The alphabet, built the way GPT-2's code builds it.
    private static Dictionary<char, byte> BuildLevels()
    {
        var visible = Enumerable.Range('!', '~' - '!' + 1).Concat(Enumerable.Range(0xA1, 12)).Concat(Enumerable.Range(0xAE, 82)).ToHashSet();
        var byCharacter = visible.ToDictionary(value => (char)value, value => (byte)value);
        foreach (var (value, index) in Enumerable.Range(0, 256).Where(value => !visible.Contains(value)).Select((value, index) => (value, index)))
            byCharacter[(char)(256 + index)] = (byte)value;
        return byCharacter;
    }

    private static List<string> Bytes(List<string> texts)
    {
        List<string> result = [];
        List<byte> run = [];
        foreach (var text in texts.Append(null))
        {
            if (text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
            {
                run.Add(Convert.FromHexString(text.AsSpan(3, 2))[0]);
                continue;
            }
            try
            {
                result.Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. run]));
            }
            catch (DecoderFallbackException)
            {
                result.AddRange(run.Select(_ => "\uFFFD"));
            }
            run.Clear();
            if (text is not null)
                result.Add(text);
        }
        // A run of no bytes above added an empty text, which would count as the first.
        result.RemoveAll(text => text.Length == 0);
        return result;
    }

    private static string Strip(string text, JsonElement decoder)
    {
        var content = decoder.GetProperty("content").GetString()![0];
        var leading = Math.Min(decoder.GetProperty("start").GetInt32(), text.TakeWhile(unit => unit == content).Count());
        text = text[leading..];
        var trailing = Math.Min(decoder.GetProperty("stop").GetInt32(), text.Reverse().TakeWhile(unit => unit == content).Count());
        return text[..^trailing];
    }
}
