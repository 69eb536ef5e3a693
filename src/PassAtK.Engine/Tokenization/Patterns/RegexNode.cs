namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>How a repetition takes its share.</summary>
internal enum RepeatMode
{
    Greedy,
    Lazy,

    /// <summary>As much as possible, and nothing given back.</summary>
    Possessive,
}

/// <summary>Places that match without taking a character.</summary>
internal enum RegexAnchor
{
    TextStart,
    TextEnd,
    TextEndOrFinalNewline,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}

/// <summary>A parsed regular expression.</summary>
internal abstract record RegexNode
{
    public sealed record Set(CharacterClass Class) : RegexNode;

    public sealed record Sequence(IReadOnlyList<RegexNode> Parts) : RegexNode;

    public sealed record Choice(IReadOnlyList<RegexNode> Options) : RegexNode;

    /// <summary><paramref name="Most"/> is <see cref="int.MaxValue"/> where there is no bound.</summary>
    public sealed record Repeat(RegexNode Part, int Least, int Most, RepeatMode Mode) : RegexNode;

    public sealed record LookAhead(RegexNode Part, bool Negative) : RegexNode;

    public sealed record Atomic(RegexNode Part) : RegexNode;

    public sealed record Anchor(RegexAnchor Kind) : RegexNode;

    /// <summary>Whether it can match without taking a character.</summary>
    public bool CanBeEmpty => this switch
    {
        Set => false,
        Sequence sequence => sequence.Parts.All(part => part.CanBeEmpty),
        Choice choice => choice.Options.Any(option => option.CanBeEmpty),
        Repeat repeat => repeat.Least == 0 || repeat.Part.CanBeEmpty,
        Atomic atomic => atomic.Part.CanBeEmpty,
        _ => true,
    };

    /// <summary>
    /// The ASCII characters that a match can begin with, as two masks; a superset. Says nothing of a node that can be empty.
    /// </summary>
    public (ulong Low, ulong High) FirstAscii => this switch
    {
        Set set => (set.Class.AsciiLow, set.Class.AsciiHigh),
        Sequence sequence => Join(sequence.Parts.TakeWhile((_, i) => i == 0 || sequence.Parts.Take(i).All(part => part.CanBeEmpty))),
        Choice choice => Join(choice.Options),
        Repeat repeat => repeat.Part.FirstAscii,
        Atomic atomic => atomic.Part.FirstAscii,
        _ => (0, 0),
    };

    private static (ulong Low, ulong High) Join(IEnumerable<RegexNode> nodes)
    {
        var (low, high) = (0ul, 0ul);
        foreach (var first in nodes.Select(node => node.FirstAscii))
            (low, high) = (low | first.Low, high | first.High);
        return (low, high);
    }
}
