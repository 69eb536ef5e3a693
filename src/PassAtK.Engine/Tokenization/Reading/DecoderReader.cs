using PassAtK.Engine.Tokenization.Decoding;
using PassAtK.Engine.Tokenization.PreTokenization;

namespace PassAtK.Engine.Tokenization.Reading;

/// <summary>
/// Reads the `decoder` of `tokenizer.json`. A sequence must have the order in which it can run on a stream: rewrites of single tokens,
/// `ByteFallback`, more rewrites, `Fuse` or `ByteLevel`, and then at most one `Strip`.
/// </summary>
internal static class DecoderReader
{
    private static readonly string[] Known = ["ByteLevel", "Metaspace", "Replace", "ByteFallback", "Fuse", "Strip", "Sequence"];

    /// <summary>Without a decoder a space stands between any two tokens.</summary>
    public static DecoderSteps NoDecoder { get; } = new() { Separator = " " };

    public static DecoderSteps Read(JsonField field)
    {
        List<ITokenRewrite> rewrites = [];
        List<ITokenRewrite> rewritesAfterBytes = [];
        var (bytes, fused, byteLevel) = (false, false, false);
        StripFromToken? strip = null;
        foreach (var decoder in Flatten(field))
        {
            var type = decoder.Get("type");
            ITokenRewrite? rewrite = null;
            switch (type.Text())
            {
                case "ByteLevel":
                    decoder.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                    if (bytes || fused)
                        throw type.Wrong("no ByteLevel after ByteFallback, Fuse or ByteLevel");
                    byteLevel = fused = true;
                    break;
                case "ByteFallback":
                    decoder.AllowOnly("type");
                    if (bytes || fused)
                        throw type.Wrong("no ByteFallback after ByteFallback, Fuse or ByteLevel");
                    bytes = true;
                    break;
                case "Fuse":
                    decoder.AllowOnly("type");
                    fused = true;
                    break;
                case "Strip" when fused:
                    strip = strip is null ? ReadStrip(decoder) : throw type.Wrong("one Strip after Fuse or ByteLevel");
                    break;
                case "Strip":
                    rewrite = ReadStrip(decoder);
                    break;
                case "Metaspace":
                    var (mark, scheme, _) = PreTokenizerReader.ReadMetaspace(decoder);
                    rewrite = new MetaspaceToSpaces(mark, dropInFirst: scheme != PrependScheme.Never);
                    break;
                case "Replace":
                    rewrite = new ReplaceInToken(NormalizerReader.ReadReplace(decoder));
                    break;
                default:
                    throw type.Unknown("decoder", Known);
            }
            if (rewrite is not null && fused)
                throw type.Wrong("only Strip after Fuse or ByteLevel");
            if (rewrite is not null)
                (bytes ? rewritesAfterBytes : rewrites).Add(rewrite);
        }
        return new DecoderSteps
        {
            Rewrites = rewrites,
            ByteFallback = bytes,
            RewritesAfterBytes = rewritesAfterBytes,
            ByteLevel = byteLevel,
            Strip = strip,
        };
    }

    private static IEnumerable<JsonField> Flatten(JsonField field)
    {
        if (field.Get("type").Text() != "Sequence")
            return [field];
        field.AllowOnly("type", "decoders");
        return field.Get("decoders").Items().SelectMany(Flatten);
    }

    private static StripFromToken ReadStrip(JsonField field)
    {
        field.AllowOnly("type", "content", "start", "stop");
        const int Most = 1_000_000;
        return new StripFromToken(field.Get("content").Character(), field.Get("start").Number(Most), field.Get("stop").Number(Most));
    }
}
