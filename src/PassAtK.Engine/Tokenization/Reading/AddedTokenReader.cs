using PassAtK.Engine.Tokenization.Normalization;

namespace PassAtK.Engine.Tokenization.Reading;

/// <summary>Reads the `added_tokens` of `tokenizer.json`.</summary>
internal static class AddedTokenReader
{
    /// <summary>
    /// The tokens by id, each with the text to look for. An id must be the one that the tokenizers library would give: the
    /// vocabulary's, or else the next one behind the vocabulary.
    /// </summary>
    public static SortedDictionary<int, (string Text, AddedToken Token)> Read(
        JsonField field, IReadOnlyDictionary<string, int> vocabulary, INormalizer? normalizer)
    {
        SortedDictionary<int, (string Text, AddedToken Token)> tokens = [];
        Dictionary<string, int> ids = [];
        HashSet<int> taken = [.. vocabulary.Values];
        var nextId = vocabulary.Count;
        foreach (var item in field.Items())
        {
            item.AllowOnly("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            var id = item.Get("id");
            var token = new AddedToken(
                id.Number(ModelReader.HighestId),
                item.Get("content").Text(),
                item.OptionalFlag("single_word", otherwise: false),
                item.OptionalFlag("lstrip", otherwise: false),
                item.OptionalFlag("rstrip", otherwise: false),
                item.Get("normalized").Flag(),
                item.Get("special").Flag());
            if (token.Content.Length == 0)
                continue;
            if (!vocabulary.TryGetValue(token.Content, out var expected) && !ids.TryGetValue(token.Content, out expected))
            {
                expected = nextId++;
                if (taken.Contains(expected))
                    throw id.Wrong($"an id outside model.vocab, whose {vocabulary.Count} tokens must have the ids below that number");
            }
            if (token.Id != expected)
                throw id.Wrong($"{expected}, the id of '{token.Content}' in model.vocab or the next one behind it");
            ids[token.Content] = expected;
            var atStart = true;
            var text = token.Normalized && normalizer is not null ? normalizer.Normalize(token.Content, ref atStart) : token.Content;
            tokens[expected] = (text, token);
        }
        RefuseConflicts(field, tokens.Values);
        return tokens;
    }

    private static void RefuseConflicts(JsonField field, IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        HashSet<(string, bool)> texts = [];
        foreach (var (text, token) in tokens)
        {
            if (text.Length == 0)
                throw new InputException($"{field.Name} has '{token.Content}', of which the normalizer leaves nothing.");
            if (!texts.Add((text, token.Normalized)))
            {
                throw new InputException(
                    $"{field.Name} has '{token.Content}', which cannot be told from another token in normalized text.");
            }
        }
    }
}
