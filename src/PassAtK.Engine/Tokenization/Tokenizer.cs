using System.Runtime.InteropServices;
using System.Text;
using PassAtK.Engine.Tokenization.Decoding;
using PassAtK.Engine.Tokenization.Normalization;
using PassAtK.Engine.Tokenization.PreTokenization;
using PassAtK.Engine.Tokenization.Reading;

namespace PassAtK.Engine.Tokenization;

/// <summary>
/// Text to tokens and back, as the model was trained with. Immutable and safe for concurrent use. Source: `tokenizer.json` of Hugging
/// Face model folders, read as the tokenizers library (0.23) reads it; docs/tokenizers.md says what is supported.
/// </summary>
public sealed class Tokenizer
{
    private readonly BytePairModel _model;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int> _addedIds;
    private readonly INormalizer? _normalizer;
    private readonly IPreTokenizer? _preTokenizer;
    private readonly AddedTokenFinder _addedTokens;
    private readonly AddedTokenFinder _normalizedAddedTokens;
    private readonly int[]? _template;
    private readonly TokenDecoder _decoder;
    private readonly TokenizerConfig _config;

    private Tokenizer(JsonField root, TokenizerConfig config)
    {
        root.AllowOnly(
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        if (root.TryGet("version", out var version) && version.Text() != "1.0")
            throw version.Wrong("\"1.0\"");
        _config = config;
        (_ids, _model) = ModelReader.Read(root.Get("model"));
        _normalizer = root.TryGet("normalizer", out var normalizer) ? NormalizerReader.Read(normalizer) : null;
        _preTokenizer = root.TryGet("pre_tokenizer", out var preTokenizer) ? PreTokenizerReader.Read(preTokenizer) : null;
        SortedDictionary<int, (string Text, AddedToken Token)> added =
            root.TryGet("added_tokens", out var tokens) ? AddedTokenReader.Read(tokens, _ids, _normalizer) : [];
        _addedTokens = new AddedTokenFinder(added.Values.Where(one => !one.Token.Normalized));
        _normalizedAddedTokens = new AddedTokenFinder(added.Values.Where(one => one.Token.Normalized));

        VocabularySize = Math.Max(_ids.Count == 0 ? 0 : _ids.Values.Max() + 1, added.Count == 0 ? 0 : added.Keys.Max() + 1);
        var texts = new string?[VocabularySize];
        foreach (var (token, id) in _ids)
            texts[id] = token;
        // An added token is decoded from its normalized form, as the decoder undoes what the normalizer does.
        foreach (var (id, (text, _)) in added)
            texts[id] = text;
        // Apart from the vocabulary, for merges must not find them.
        _addedIds = added.ToDictionary(one => one.Value.Token.Content, one => one.Key);
        HashSet<string> special = [.. added.Values.Where(one => one.Token.Special).Select(one => one.Token.Content)];
        _decoder = new TokenDecoder(
            texts,
            [.. texts.Select(text => text is not null && special.Contains(text))],
            root.TryGet("decoder", out var decoder) ? DecoderReader.Read(decoder) : DecoderReader.NoDecoder);
        _template = root.TryGet("post_processor", out var postProcessor) ? TemplateReader.Read(postProcessor, VocabularySize) : null;
    }

    /// <summary>One more than the highest id. Not every id below it need have a token.</summary>
    public int VocabularySize { get; }

    /// <summary>Text of the token that begins a sequence, where `tokenizer_config.json` names one.</summary>
    public string? BosToken => _config.BosToken;

    /// <summary>Text of the token that ends a sequence, where `tokenizer_config.json` names one.</summary>
    public string? EosToken => _config.EosToken;

    /// <summary>Text of the padding token, where `tokenizer_config.json` names one.</summary>
    public string? PadToken => _config.PadToken;

    /// <summary>Text of the unknown token, where `tokenizer_config.json` names one.</summary>
    public string? UnkToken => _config.UnkToken;

    /// <summary>
    /// Jinja source of the chat template, as it stands: `chat_template.jinja`, or `chat_template` of `tokenizer_config.json`; of a list
    /// of templates the one named "default".
    /// </summary>
    public string? ChatTemplate => _config.ChatTemplate;

    /// <summary>Reads `tokenizer.json`, and `tokenizer_config.json` and `chat_template.jinja` where there are such files.</summary>
    /// <exception cref="InputException">A file is missing or wrong, or asks for something not supported.</exception>
    public static Tokenizer Load(string folder)
    {
        var file = Path.Combine(folder, "tokenizer.json");
        using var document = JsonField.Open(file);
        return new Tokenizer(new JsonField(file, document.RootElement), TokenizerConfig.Load(folder));
    }

    /// <summary>
    /// The tokens of a text. Added tokens are found in it, special ones too, wherever they stand.
    /// A lone surrogate counts as U+FFFD.
    /// </summary>
    /// <param name="text">Any text; may be empty.</param>
    /// <param name="addSpecialTokens">
    /// Puts the tokens of the file's post-processor around it, a beginning-of-sequence token for example.
    /// </param>
    public int[] Encode(string text, bool addSpecialTokens)
    {
        List<int> tokens = [];
        text = ReplaceLoneSurrogates(text);
        foreach (var section in _addedTokens.Find(text))
        {
            if (section.Id >= 0)
                tokens.Add(section.Id);
            else
                EncodeNormalized(text.Substring(section.Start, section.Length), section.Start == 0, tokens);
        }
        if (!addSpecialTokens || _template is null)
            return [.. tokens];
        List<int> all = [];
        foreach (var token in _template)
            all.AddRange(token == TemplateReader.Text ? CollectionsMarshal.AsSpan(tokens) : [token]);
        return [.. all];
    }

    /// <summary>The text of tokens. Ids outside the vocabulary add nothing.</summary>
    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = true)
    {
        var text = new StringBuilder();
        var detokenizer = new Detokenizer(_decoder, skipSpecialTokens);
        foreach (var token in tokens)
            text.Append(detokenizer.Push(token));
        return text.Append(detokenizer.Flush()).ToString();
    }

    /// <summary>Decodes one token at a time, special tokens left out.</summary>
    public Detokenizer StartDecoding() => new(_decoder, skipSpecial: true);

    /// <summary>Whether the token is left out of decoded text.</summary>
    public bool IsSpecial(int token) => _decoder.IsSpecial(token);

    /// <summary>The id of a token, written as in `tokenizer.json`; null where there is none.</summary>
    public int? TokenId(string content) =>
        _addedIds.TryGetValue(content, out var id) || _ids.TryGetValue(content, out id) ? id : null;

    private void EncodeNormalized(string text, bool atStart, List<int> tokens)
    {
        var normalized = _normalizer?.Normalize(text, ref atStart) ?? text;
        foreach (var section in _normalizedAddedTokens.Find(normalized))
        {
            if (section.Id >= 0)
            {
                tokens.Add(section.Id);
                continue;
            }
            var cut = CutText.Whole(normalized.Substring(section.Start, section.Length), atStart && section.Start == 0);
            if (_preTokenizer is not null)
                cut = _preTokenizer.Cut(cut);
            foreach (var piece in cut.Pieces)
                _model.Encode(cut.Text.AsSpan(piece.Start, piece.Length), tokens);
        }
    }

    private static string ReplaceLoneSurrogates(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return text;
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            builder.Append(rune);
        return builder.ToString();
    }
}
