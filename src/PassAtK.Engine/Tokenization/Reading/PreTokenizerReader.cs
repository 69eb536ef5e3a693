using PassAtK.Engine.Tokenization.Patterns;
using PassAtK.Engine.Tokenization.PreTokenization;

namespace PassAtK.Engine.Tokenization.Reading;

/// <summary>Reads the `pre_tokenizer` of `tokenizer.json`.</summary>
internal static class PreTokenizerReader
{
    private static readonly string[] Known =
        ["Split", "ByteLevel", "Digits", "Metaspace", "Punctuation", "Whitespace", "WhitespaceSplit", "Sequence"];

    public static IPreTokenizer Read(JsonField field)
    {
        var type = field.Get("type");
        switch (type.Text())
        {
            case "Split":
                field.AllowOnly("type", "pattern", "behavior", "invert");
                return new Split(PatternReader.Read(field.Get("pattern")), ReadBehavior(field.Get("behavior")), field.Get("invert").Flag());
            case "ByteLevel":
                field.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                return new ByteLevel(field.Get("add_prefix_space").Flag(), field.OptionalFlag("use_regex", otherwise: true));
            case "Digits":
                field.AllowOnly("type", "individual_digits");
                return new Split(
                    new CharacterPattern(rune => UnicodeKinds.IsNumber(rune.Value)),
                    field.Get("individual_digits").Flag() ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
            case "Metaspace":
                var (mark, scheme, split) = ReadMetaspace(field);
                return new Metaspace(mark, scheme, split);
            case "Punctuation":
                field.AllowOnly("type", "behavior");
                return new Split(
                    new CharacterPattern(rune => UnicodeKinds.IsPunctuation(rune.Value)),
                    field.TryGet("behavior", out var behavior) ? ReadBehavior(behavior) : SplitBehavior.Isolated);
            case "Whitespace":
                field.AllowOnly("type");
                return new Split(
                    new RegexPattern(@"[\w\u200C\u200D]+|[^\w\u200C\u200D\s]+", type.Name), SplitBehavior.Removed, invert: true);
            case "WhitespaceSplit":
                field.AllowOnly("type");
                return new Split(new CharacterPattern(rune => UnicodeKinds.IsWhiteSpace(rune.Value)), SplitBehavior.Removed);
            case "Sequence":
                field.AllowOnly("type", "pretokenizers");
                return new PreTokenizerSequence([.. field.Get("pretokenizers").Items().Select(Read)]);
            default:
                throw type.Unknown("pre-tokenizer", Known);
        }
    }

    /// <summary>
    /// The fields of `Metaspace`, as pre-tokenizer and as decoder. Older files say `add_prefix_space` instead of `prepend_scheme`, and
    /// repeat the mark in `str_rep`.
    /// </summary>
    public static (string Mark, PrependScheme Scheme, bool Split) ReadMetaspace(JsonField field)
    {
        field.AllowOnly("type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split");
        var mark = field.Get("replacement").Character().ToString();
        if (field.TryGet("str_rep", out var again) && again.Text() != mark)
            throw again.Wrong($"'{mark}', as in replacement");
        var prefix = field.OptionalFlag("add_prefix_space", otherwise: true);
        var scheme = prefix ? PrependScheme.Always : PrependScheme.Never;
        if (field.TryGet("prepend_scheme", out var named))
        {
            scheme = named.Text() switch
            {
                "always" => PrependScheme.Always,
                "first" => PrependScheme.First,
                "never" => PrependScheme.Never,
                _ => throw named.Unknown("scheme", ["always", "first", "never"]),
            };
            if (!prefix && scheme != PrependScheme.Never)
                throw named.Wrong("'never', because add_prefix_space is false");
        }
        return (mark, scheme, field.OptionalFlag("split", otherwise: true));
    }

    private static SplitBehavior ReadBehavior(JsonField field) => field.Text() switch
    {
        "Isolated" => SplitBehavior.Isolated,
        "Removed" => SplitBehavior.Removed,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        _ => throw field.Unknown("behavior", ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"]),
    };
}
