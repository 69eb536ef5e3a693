using System.Text;

namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>A set of Unicode scalar values, as a regular expression writes it: `[^\s\p{L}]`, `\d`, `.`, a letter.</summary>
internal sealed class CharacterClass
{
    private readonly Func<int, bool> _contains;

    /// <summary>Holds for exactly the members of the set. Two 64-bit masks answer for ASCII.</summary>
    private CharacterClass(Func<int, bool> contains)
    {
        _contains = contains;
        for (var code = 0; code < 64; code++)
        {
            AsciiLow |= contains(code) ? 1ul << code : 0;
            AsciiHigh |= contains(code + 64) ? 1ul << code : 0;
        }
    }

    public ulong AsciiLow { get; }

    public ulong AsciiHigh { get; }

    public bool Contains(int code) =>
        code < 128 ? ((code < 64 ? AsciiLow >> code : AsciiHigh >> (code - 64)) & 1) != 0 : _contains(code);

    public static CharacterClass Single(int code) => new(other => other == code);

    public static CharacterClass Range(int first, int last) => new(code => code >= first && code <= last);

    /// <summary>All code points whose general category is in the mask (see <see cref="UnicodeKinds.Bit"/>).</summary>
    public static CharacterClass Categories(int mask) => new(code => (UnicodeKinds.CategoryBit(code) & mask) != 0);

    public static CharacterClass Where(Func<int, bool> contains) => new(contains);

    public static CharacterClass Union(IReadOnlyList<CharacterClass> classes)
    {
        if (classes.Count == 1)
            return classes[0];
        CharacterClass[] all = [.. classes];
        return new(code =>
        {
            foreach (var one in all)
            {
                if (one.Contains(code))
                    return true;
            }
            return false;
        });
    }

    public CharacterClass Without() => new(code => !Contains(code));

    public CharacterClass And(CharacterClass other) => new(code => Contains(code) && other.Contains(code));

    /// <summary>The set with both cases of each member.</summary>
    public CharacterClass IgnoringCase() => new(code =>
    {
        if (Contains(code))
            return true;
        var rune = Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar;
        var (lower, upper) = (Rune.ToLowerInvariant(rune), Rune.ToUpperInvariant(rune));
        return Contains(lower.Value) || Contains(upper.Value) || Contains(Rune.ToUpperInvariant(lower).Value)
            || Contains(Rune.ToLowerInvariant(upper).Value) || ContainsAnotherForm(lower.Value);
    });

    // Three letters have a second code point in upper or lower case that .NET's simple mapping leaves out, one way or both.
    private bool ContainsAnotherForm(int lower) => lower switch
    {
        's' => Contains(0x17F),
        0x17F => Contains('s') || Contains('S'),
        'k' => Contains(0x212A),
        0x212A => Contains('k') || Contains('K'),
        0xE5 => Contains(0x212B),
        0x212B => Contains(0xE5) || Contains(0xC5),
        _ => false,
    };
}
