using System.Text.Json;

namespace PassAtK.Engine.Tokenization.Reading;

/// <summary>Reads the `model` of `tokenizer.json`, which must be byte-pair encoding.</summary>
internal static class ModelReader
{
    /// <summary>Tables are as long as the highest id.</summary>
    public const int HighestId = (1 << 24) - 1;

    public static (Dictionary<string, int> Ids, BytePairModel Model) Read(JsonField field)
    {
        // Files from before the field existed are recognised by their merges.
        if (field.TryGet("type", out var type) && type.Text() != "BPE")
            throw type.Unknown("model", ["BPE"]);
        field.AllowOnly(
            "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
            "ignore_merges", "vocab", "merges");
        if (field.TryGet("dropout", out var dropout)
            && !(dropout.Value.ValueKind == JsonValueKind.Number && dropout.Value.GetDouble() == 0))
        {
            throw dropout.Wrong("null, for tokens must not be random");
        }
        RefuseText(field, "continuing_subword_prefix");
        RefuseText(field, "end_of_word_suffix");
        var options = new BytePairOptions(
            field.OptionalText("unk_token"),
            field.OptionalFlag("fuse_unk", otherwise: false),
            field.OptionalFlag("byte_fallback", otherwise: false),
            field.OptionalFlag("ignore_merges", otherwise: false));
        var ids = ReadVocabulary(field.Get("vocab"));
        return (ids, new BytePairModel(ids, ReadMerges(field.Get("merges"), ids), options));
    }

    private static void RefuseText(JsonField model, string name)
    {
        if (model.TryGet(name, out var field) && field.Text().Length > 0)
            throw field.Wrong("null or an empty text");
    }

    private static Dictionary<string, int> ReadVocabulary(JsonField field)
    {
        field.RequireKind(JsonValueKind.Object, "an object");
        Dictionary<string, int> ids = new(field.Value.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var (token, id) in field.Fields())
            ids[token] = id.Number(HighestId);
        HashSet<int> taken = new(ids.Count);
        foreach (var (token, id) in ids)
        {
            if (!taken.Add(id))
                throw new InputException($"{field.Name} gives the id {id} twice, once to '{token}'.");
        }
        return ids;
    }

    private static Dictionary<(int Left, int Right), (int Rank, int Merged)> ReadMerges(JsonField field, Dictionary<string, int> ids)
    {
        field.RequireKind(JsonValueKind.Array, "an array");
        Dictionary<(int Left, int Right), (int Rank, int Merged)> merges = new(field.Value.GetArrayLength());
        var idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var joined = new char[64];
        var rank = 0;
        foreach (var merge in field.Items())
        {
            string left, right;
            if (merge.Value.ValueKind == JsonValueKind.String)
            {
                var text = merge.Text();
                if (text.StartsWith("#version", StringComparison.Ordinal))
                    continue;
                var space = text.IndexOf(' ', StringComparison.Ordinal);
                if (space < 0 || text.IndexOf(' ', space + 1) >= 0)
                    throw merge.Wrong("two tokens with one space between them");
                (left, right) = (text[..space], text[(space + 1)..]);
            }
            else
            {
                if (merge.Value.ValueKind != JsonValueKind.Array || merge.Value.GetArrayLength() != 2)
                    throw merge.Wrong("two tokens");
                using var pair = merge.Items().GetEnumerator();
                left = Next(pair);
                right = Next(pair);
            }
            if (joined.Length < left.Length + right.Length)
                Array.Resize(ref joined, 2 * (left.Length + right.Length));
            left.CopyTo(joined);
            right.CopyTo(joined.AsSpan(left.Length));
            if (!ids.TryGetValue(left, out var leftId) || !ids.TryGetValue(right, out var rightId)
                || !idsBySpan.TryGetValue(joined.AsSpan(0, left.Length + right.Length), out var merged))
            {
                throw merge.Wrong("two tokens of model.vocab that make a third");
            }
            merges[(leftId, rightId)] = (rank++, merged);
        }
        return merges;
    }

    private static string Next(IEnumerator<JsonField> fields)
    {
        fields.MoveNext();
        return fields.Current.Text();
    }
}
