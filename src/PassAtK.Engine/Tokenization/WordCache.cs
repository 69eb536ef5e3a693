using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PassAtK.Engine.Tokenization;

/// <summary>
/// The tokens of words met before. Bounded: the first words to come stay, for common words come early. Safe for concurrent use.
/// </summary>
internal sealed class WordCache
{
    private const int MostWords = 32_768;
    private const int LongestWord = 64;

    private readonly ConcurrentDictionary<string, int[]> _tokens = new();
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;

    public WordCache() => _bySpan = _tokens.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryGet(ReadOnlySpan<char> word, [NotNullWhen(true)] out int[]? tokens)
    {
        tokens = null;
        return word.Length <= LongestWord && _bySpan.TryGetValue(word, out tokens);
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> tokens)
    {
        if (word.Length <= LongestWord && Volatile.Read(ref _count) < MostWords && _bySpan.TryAdd(word, tokens.ToArray()))
            Interlocked.Increment(ref _count);
    }
}
