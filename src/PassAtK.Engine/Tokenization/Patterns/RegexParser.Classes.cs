using System.Globalization;

namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>Sets of characters: `[...]`, `\s`, `\p{...}`.</summary>
internal sealed partial class RegexParser
{
    // After '['. Nested classes join, && intersects.
    private CharacterClass ParseClass()
    {
        if (++_nesting > DeepestNesting)
            throw Unsupported($"more than {DeepestNesting} nested classes");
        var negated = TryTake("^");
        CharacterClass? intersection = null;
        List<CharacterClass> members = [];
        for (var first = true; ; first = false)
        {
            if (AtEnd)
                throw Unsupported("a class without ']'");
            if (!first && TryTake("]"))
                break;
            if (TryTake("&&"))
            {
                intersection = Intersect(intersection, members);
                members = [];
            }
            else
            {
                members.Add(ParseMember());
            }
        }
        var set = Intersect(intersection, members);
        if (_ignoreCase)
            set = set.IgnoringCase();
        _nesting--;
        return negated ? set.Without() : set;
    }

    private CharacterClass Intersect(CharacterClass? left, List<CharacterClass> members)
    {
        if (members.Count == 0)
            throw Unsupported("an empty class");
        var right = CharacterClass.Union(members);
        return left is null ? right : left.And(right);
    }

    private CharacterClass ParseMember()
    {
        if (_pattern.AsSpan(_position).StartsWith("[:"))
            throw Unsupported("a POSIX bracket '[:'");
        if (TryTake("["))
            return ParseClass();
        if (_pattern[_position] == '\\')
        {
            var before = _position++;
            if (TryParseEscapedClass(inClass: true) is { } set)
                return set;
            _position = before;
        }
        var first = TakeMemberCode();
        if (Peek(0) != '-' || Peek(1) is ']' or null)
            return CharacterClass.Single(first);
        _position++;
        if (Peek(0) == '[' || (Peek(0) == '\\' && Peek(1) is 's' or 'S' or 'd' or 'D' or 'w' or 'W' or 'h' or 'H' or 'p' or 'P'))
            throw Unsupported("a range that ends with a class");
        var last = TakeMemberCode();
        return first <= last ? CharacterClass.Range(first, last) : throw Unsupported("a range whose end is before its start");
    }

    private int TakeMemberCode()
    {
        if (AtEnd)
            throw Unsupported("a class without ']'");
        var start = _position;
        if (!TryTake("\\"))
            return TakeCode();
        // Inside a class \b is the backspace.
        return TryTake("b") ? '\b' : TakeEscapedCode(start);
    }

    // After the backslash; moves on only where it returns a class.
    private CharacterClass? TryParseEscapedClass(bool inClass)
    {
        var letter = Peek(0);
        if (letter is 'p' or 'P')
            return ParseProperty();
        Func<int, bool>? contains = letter switch
        {
            's' or 'S' => UnicodeKinds.IsWhiteSpace,
            'd' or 'D' => code => UnicodeKinds.CategoryBit(code) == UnicodeKinds.Bit(UnicodeCategory.DecimalDigitNumber),
            // Oniguruma counts superscript digits and fractions of Latin-1 as word characters, except in a bracketed class.
            'w' or 'W' when !inClass => code => UnicodeKinds.IsWord(code) || code is 0xB2 or 0xB3 or 0xB9 or (>= 0xBC and <= 0xBE),
            'w' or 'W' => UnicodeKinds.IsWord,
            'h' or 'H' => code => code < 128 && char.IsAsciiHexDigit((char)code),
            _ => null,
        };
        if (contains is null)
            return null;
        _position++;
        return CharacterClass.Where(char.IsAsciiLetterUpper(letter!.Value) ? code => !contains(code) : contains);
    }

    private CharacterClass ParseProperty()
    {
        var close = _pattern.IndexOf('}', _position);
        if (Peek(1) != '{' || close < 0)
            throw Unsupported("a property without braces");
        var name = _pattern[(_position + 2)..close];
        var negated = _pattern[_position] == 'P';
        if (name.StartsWith('^'))
            (name, negated) = (name[1..], !negated);
        var mask = UnicodeProperty.CategoryMask(name) ?? throw Unsupported($"the property '{name}'");
        _position = close + 1;
        return CharacterClass.Categories(negated ? ~mask : mask);
    }
}
