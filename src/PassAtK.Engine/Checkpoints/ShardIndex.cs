namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// `model.safetensors.index.json`: which shard holds which tensor, `{"weight_map": {tensor: file}}`. Its `metadata` is not needed.
/// </summary>
internal static class ShardIndex
{
    public const string FileName = "model.safetensors.index.json";

    private const string Extension = ".safetensors";
    private const int MaxJsonLength = 64 << 20;

    /// <summary>Shard file name by tensor name.</summary>
    /// <exception cref="InputException">The index is malformed, or a shard is not a file of the folder itself.</exception>
    public static Dictionary<string, string> Read(string folder)
    {
        var index = JsonFile.Read(Path.Combine(folder, FileName), MaxJsonLength);
        var map = index.Object("weight_map") ?? throw index.Unexpected("weight_map", "an object of shard names by tensor name");
        var shards = map.PresentNames.ToDictionary(tensor => tensor, map.Text, StringComparer.Ordinal);
        foreach (var (tensor, shard) in shards)
        {
            if (!IsPlainName(shard))
                throw map.Unexpected(tensor, $"the name of a {Extension} file in the same folder");
        }
        return shards.Count > 0 ? shards : throw index.Unexpected("weight_map", "at least one tensor");
    }

    // Separators of every system are refused, so that a folder means the same everywhere.
    private static bool IsPlainName(string shard) =>
        shard.EndsWith(Extension, StringComparison.Ordinal) && shard.IndexOfAny(['/', '\\', ':', '\0']) < 0;
}
