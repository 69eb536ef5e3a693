using PassAtK.Engine.Tokenization.Normalization;

namespace PassAtK.Engine.Tokenization.Reading;

/// <summary>Reads the `normalizer` of `tokenizer.json`.</summary>
internal static class NormalizerReader
{
    private static readonly string[] Known =
        ["NFC", "NFD", "NFKC", "NFKD", "Prepend", "Replace", "Lowercase", "Strip", "StripAccents", "Sequence"];

    public static INormalizer Read(JsonField field)
    {
        var type = field.Get("type");
        switch (type.Text())
        {
            case "NFC":
                field.AllowOnly("type");
                return UnicodeForm.C;
            case "NFD":
                field.AllowOnly("type");
                return UnicodeForm.D;
            case "NFKC":
                field.AllowOnly("type");
                return UnicodeForm.KC;
            case "NFKD":
                field.AllowOnly("type");
                return UnicodeForm.KD;
            case "Prepend":
                field.AllowOnly("type", "prepend");
                return new Prepend(field.Get("prepend").Text());
            case "Replace":
                return ReadReplace(field);
            case "Lowercase":
                field.AllowOnly("type");
                return new Lowercase();
            case "Strip":
                field.AllowOnly("type", "strip_left", "strip_right");
                return new Strip(field.Get("strip_left").Flag(), field.Get("strip_right").Flag());
            case "StripAccents":
                field.AllowOnly("type");
                return new StripAccents();
            case "Sequence":
                field.AllowOnly("type", "normalizers");
                return new NormalizerSequence([.. field.Get("normalizers").Items().Select(Read)]);
            default:
                throw type.Unknown("normalizer", Known);
        }
    }

    /// <summary>`Replace`, which decoders have too.</summary>
    public static Replace ReadReplace(JsonField field)
    {
        field.AllowOnly("type", "pattern", "content");
        return new Replace(PatternReader.Read(field.Get("pattern")), field.Get("content").Text());
    }
}
