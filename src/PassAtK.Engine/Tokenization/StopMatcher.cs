using System.Buffers;

namespace PassAtK.Engine.Tokenization;

/// <summary>
/// How far a <see cref="StopMatcher"/> has read one text. A value: a copy goes on by itself. The default is the beginning.
/// </summary>
public struct StopCursor
{
    internal int Node { get; set; }

    /// <summary>UTF-16 units read.</summary>
    public int Length { get; internal set; }
}

/// <summary>
/// Looks for stop texts in a text that grows, each character read once. Immutable and safe for concurrent use. Among the stop texts
/// complete in what has been read, the one that begins first wins; of two that begin together either, for the cut is the same. One that
/// is not complete yet is not waited for, even if it began earlier.
/// Source: Aho and Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18(6), 1975, over UTF-16 units.
/// </summary>
public sealed class StopMatcher
{
    private readonly List<Dictionary<char, int>> _branches = [new()];
    private readonly List<int> _longestEnd = [0];
    private readonly int[] _fallback;
    private readonly SearchValues<char> _firstUnits;

    /// <param name="stopTexts">None of them empty; may be none at all.</param>
    /// <exception cref="InputException">A stop text is empty.</exception>
    public StopMatcher(IReadOnlyList<string> stopTexts)
    {
        foreach (var stop in stopTexts)
        {
            if (stop.Length == 0)
                throw new InputException("A stop text is empty, expected at least one character.");
            Add(stop);
        }
        _firstUnits = SearchValues.Create([.. _branches[0].Keys]);
        _fallback = new int[_branches.Count];
        LinkFallbacks();
    }

    /// <summary>
    /// Reads on. Returns where in the whole text the earliest stop text begins among those that end in <paramref name="appended"/>, or
    /// null; the cursor is of no further use once there was one.
    /// </summary>
    public int? Read(ref StopCursor cursor, ReadOnlySpan<char> appended)
    {
        var node = cursor.Node;
        int? earliest = null;
        for (var i = 0; i < appended.Length; i++)
        {
            if (node == 0)
            {
                var ahead = appended[i..].IndexOfAny(_firstUnits);
                if (ahead < 0)
                    break;
                i += ahead;
            }
            node = Next(node, appended[i]);
            if (_longestEnd[node] > 0)
            {
                var start = cursor.Length + i + 1 - _longestEnd[node];
                earliest = earliest < start ? earliest : start;
            }
        }
        cursor.Node = node;
        cursor.Length += appended.Length;
        return earliest;
    }

    private void Add(string stop)
    {
        var node = 0;
        foreach (var unit in stop)
        {
            if (!_branches[node].TryGetValue(unit, out var child))
            {
                child = _branches.Count;
                _branches[node].Add(unit, child);
                _branches.Add([]);
                _longestEnd.Add(0);
            }
            node = child;
        }
        _longestEnd[node] = stop.Length;
    }

    // Breadth first: a node's fallback is the longest proper suffix of its text that is a node, so it is shallower.
    private void LinkFallbacks()
    {
        Queue<int> nodes = new(_branches[0].Values);
        while (nodes.TryDequeue(out var node))
        {
            foreach (var (unit, child) in _branches[node])
            {
                _fallback[child] = Next(_fallback[node], unit);
                if (_longestEnd[child] == 0)
                    _longestEnd[child] = _longestEnd[_fallback[child]];
                nodes.Enqueue(child);
            }
        }
    }

    private int Next(int node, char unit)
    {
        while (true)
        {
            if (_branches[node].TryGetValue(unit, out var child))
                return child;
            if (node == 0)
                return 0;
            node = _fallback[node];
        }
    }
}
