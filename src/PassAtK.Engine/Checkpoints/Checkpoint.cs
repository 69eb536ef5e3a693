using System.Text.RegularExpressions;

namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// A model folder in Hugging Face layout: `config.json` and the weights, in `model.safetensors` or in the shards that
/// `model.safetensors.index.json` names. An open checkpoint has exactly the tensors that its configuration asks for.
/// </summary>
public sealed partial class Checkpoint : IWeightSource
{
    private const string SingleFile = "model.safetensors";

    private readonly string _folder;
    private readonly List<SafeTensorsFile> _files;
    private readonly Dictionary<string, WeightTensor> _tensors = new(StringComparer.Ordinal);

    private Checkpoint(string folder, ModelConfig config, List<SafeTensorsFile> files)
    {
        _folder = folder;
        _files = files;
        Config = config;
    }

    public ModelConfig Config { get; }

    /// <summary>Maps the weights and checks names, shapes and types of all of them against the configuration. Reads headers only.</summary>
    /// <exception cref="InputException">
    /// The folder or a file is absent or malformed, or a tensor is missing, extra or of the wrong shape or type.
    /// </exception>
    public static Checkpoint Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder} is not a folder, expected a Hugging Face model folder.");
        var config = ModelConfigReader.Read(folder);
        var files = new List<SafeTensorsFile>();
        var checkpoint = new Checkpoint(folder, config, files);
        try
        {
            checkpoint.CheckTensors(OpenFiles(folder, files), new ModelLayout(config));
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    public WeightTensor Get(string name) =>
        _tensors.GetValueOrDefault(name) ?? throw new InputException($"{_folder}: there is no tensor '{name}' in this model.");

    /// <summary>
    /// Identifies the model by content: lower-case hex of the SHA-256 over configuration, tokenizer and weight files. See
    /// <see cref="CheckpointFingerprint"/>.
    /// </summary>
    /// <exception cref="InputException">A file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; large models take seconds to minutes.</exception>
    public string Fingerprint(CancellationToken cancellation = default) =>
        CheckpointFingerprint.Compute(_folder, [.. _files.Select(file => file.Name)], cancellation);

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    /// <summary>Opens the weight files into <paramref name="files"/>, so that they are disposed of even when a later one fails.</summary>
    /// <returns>The file that holds each tensor, by tensor name.</returns>
    private static Dictionary<string, SafeTensorsFile> OpenFiles(string folder, List<SafeTensorsFile> files)
    {
        // Where a folder has both, transformers loads the single file; so do we.
        if (File.Exists(Path.Combine(folder, SingleFile)))
        {
            files.Add(SafeTensorsFile.Open(Path.Combine(folder, SingleFile)));
            return files[0].Entries.Keys.ToDictionary(tensor => tensor, _ => files[0], StringComparer.Ordinal);
        }
        return File.Exists(Path.Combine(folder, ShardIndex.FileName))
            ? OpenShards(folder, files)
            : throw new InputException($"{folder} has neither {SingleFile} nor {ShardIndex.FileName}, expected one of them.");
    }

    private static Dictionary<string, SafeTensorsFile> OpenShards(string folder, List<SafeTensorsFile> files)
    {
        var shardOf = ShardIndex.Read(folder);
        foreach (var shard in shardOf.Values.Distinct().Order(StringComparer.Ordinal))
        {
            var file = SafeTensorsFile.Open(Path.Combine(folder, shard));
            files.Add(file);
            if (file.Entries.Keys.FirstOrDefault(tensor => shardOf.GetValueOrDefault(tensor) != shard) is { } stray)
            {
                throw new InputException($"{shard} holds tensor '{SafeTensorsHeader.Shown(stray)}', but {ShardIndex.FileName} "
                    + (shardOf.TryGetValue(stray, out var other) ? $"expects it in {other}." : "does not mention it."));
            }
        }
        var byName = files.ToDictionary(file => file.Name, StringComparer.Ordinal);
        foreach (var (tensor, shard) in shardOf)
        {
            if (!byName[shard].Entries.ContainsKey(tensor))
            {
                throw new InputException(
                    $"{ShardIndex.FileName} expects tensor '{SafeTensorsHeader.Shown(tensor)}' in {shard}, which lacks it.");
            }
        }
        return shardOf.ToDictionary(pair => pair.Key, pair => byName[pair.Value], StringComparer.Ordinal);
    }

    private void CheckTensors(Dictionary<string, SafeTensorsFile> found, ModelLayout layout)
    {
        foreach (var expected in layout.Tensors)
        {
            var shape = $"[{string.Join(", ", expected.Dimensions)}]";
            if (!found.TryGetValue(expected.Name, out var file))
            {
                var place = _files is [var only] ? only.Name : ShardIndex.FileName;
                throw new InputException($"{place}: tensor '{expected.Name}' is missing, expected one of shape {shape}.");
            }
            var actual = file.Entries[expected.Name].Shape;
            if (!actual.SequenceEqual(expected.Dimensions.Select(dimension => (long)dimension)))
            {
                throw new InputException(
                    $"{file.Name}: tensor '{expected.Name}' has shape [{string.Join(", ", actual)}], expected {shape}.");
            }
            _tensors.Add(expected.Name, file.Get(expected.Name));
        }
        var extras = found.Keys.Where(name => !_tensors.ContainsKey(name) && !IsHarmless(name));
        if (extras.Min(StringComparer.Ordinal) is { } extra)
        {
            throw new InputException($"{found[extra].Name}: tensor '{SafeTensorsHeader.Shown(extra)}' is extra, expected none of that name "
                + $"in a {Config.Architecture} of this configuration.");
        }
    }

    /// <summary>
    /// Two kinds of extra tensors change nothing. Old versions of transformers saved the rotary frequencies, which follow from
    /// the configuration; and some tools write the output projection even where it is the embedding, which then counts.
    /// </summary>
    private bool IsHarmless(string name) =>
        RotaryFrequencies().IsMatch(name) || (Config.TiedEmbeddings && name == $"{ModelLayout.OutputName}.weight");

    [GeneratedRegex(@"\Amodel\.layers\.[0-9]+\.self_attn\.rotary_emb\.inv_freq\z")]
    private static partial Regex RotaryFrequencies();
}
