using System.Collections.Immutable;

namespace PassAtK.Cuda;

/// <summary>Kernel files by name: *.cu, and the *.cuh that they include.</summary>
public sealed class KernelSources
{
    private const string Folder = "kernels/";

    private readonly ImmutableSortedDictionary<string, string> _texts;

    public KernelSources(IEnumerable<KeyValuePair<string, string>> texts)
    {
        _texts = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, texts);
        Headers = [.. _texts.Where(text => text.Key.EndsWith(".cuh", StringComparison.Ordinal))];
    }

    /// <summary>The files of kernels/, as they were when this assembly was built.</summary>
    public static KernelSources Embedded { get; } = new(ReadEmbedded());

    /// <summary>The *.cu files in ordinal order.</summary>
    public IEnumerable<string> Files => _texts.Keys.Where(name => name.EndsWith(".cu", StringComparison.Ordinal));

    /// <summary>The *.cuh files with their texts, in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <exception cref="CudaException">There is no such file.</exception>
    public string Text(string file) =>
        _texts.TryGetValue(file, out var text)
            ? text
            : throw new CudaException($"There is no kernel file {file}; there are {string.Join(", ", Files)}.");

    /// <summary>These files and one more, which replaces a file of its name.</summary>
    public KernelSources With(string file, string text) => new(_texts.SetItem(file, text));

    private static IEnumerable<KeyValuePair<string, string>> ReadEmbedded()
    {
        var assembly = typeof(KernelSources).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new(name[Folder.Length..], reader.ReadToEnd());
        }
    }
}
