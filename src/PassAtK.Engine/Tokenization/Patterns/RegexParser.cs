using System.Globalization;
using System.Text;

namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>
/// Reads the part of Oniguruma's Ruby syntax that tokenizers use: groups, `(?i:...)`, `(?>...)`, lookahead, classes, greedy, lazy and
/// possessive repetition, anchors. Lookbehind, back-references, scripts and POSIX brackets are refused by name.
/// Source: Oniguruma's doc/RE, Ruby syntax (a brace is never possessive, `{n}?` makes a count optional).
/// </summary>
internal sealed partial class RegexParser
{
    // Nesting is recursion here and in the matcher.
    private const int DeepestNesting = 100;
    private const int HighestCount = 1000;

    private readonly string _pattern;
    private int _position;
    private int _nesting;
    private bool _ignoreCase;
    private bool _dotMatchesNewline;

    private RegexParser(string pattern) => _pattern = pattern;

    /// <exception cref="FormatException">The message says what is not supported, and where.</exception>
    public static RegexNode Parse(string pattern)
    {
        var parser = new RegexParser(pattern);
        var node = parser.ParseChoice();
        return parser._position == pattern.Length ? node : throw parser.Unsupported("')' without '('");
    }

    private bool AtEnd => _position == _pattern.Length;

    private RegexNode ParseChoice()
    {
        if (++_nesting > DeepestNesting)
            throw Unsupported($"more than {DeepestNesting} nested groups");
        // Options set inside a group, as in (?i)x, end with it.
        var (ignoreCase, dotMatchesNewline) = (_ignoreCase, _dotMatchesNewline);
        List<RegexNode> options = [ParseSequence()];
        while (TryTake("|"))
            options.Add(ParseSequence());
        (_ignoreCase, _dotMatchesNewline) = (ignoreCase, dotMatchesNewline);
        _nesting--;
        return options.Count == 1 ? options[0] : new RegexNode.Choice(options);
    }

    private RegexNode ParseSequence()
    {
        List<RegexNode> parts = [];
        while (!AtEnd && _pattern[_position] is not ('|' or ')'))
        {
            if (ParseAtom() is { } atom)
                parts.Add(ParseRepeats(atom));
        }
        return parts.Count == 1 ? parts[0] : new RegexNode.Sequence(parts);
    }

    /// <summary>Null for what only sets an option.</summary>
    private RegexNode? ParseAtom()
    {
        switch (_pattern[_position])
        {
            case '(':
                return ParseGroup();
            case '[':
                _position++;
                return new RegexNode.Set(ParseClass());
            case '.':
                _position++;
                var any = _dotMatchesNewline;
                return new RegexNode.Set(CharacterClass.Where(code => any || code != '\n'));
            case '^':
                _position++;
                return new RegexNode.Anchor(RegexAnchor.LineStart);
            case '$':
                _position++;
                return new RegexNode.Anchor(RegexAnchor.LineEnd);
            case '\\':
                return ParseEscape();
            case '*' or '+' or '?':
                throw Unsupported("repetition of nothing");
            default:
                return Literal(TakeCode());
        }
    }

    private RegexNode? ParseGroup()
    {
        if (TryTake("(?:"))
            return Close(ParseChoice());
        if (TryTake("(?="))
            return new RegexNode.LookAhead(Close(ParseChoice()), Negative: false);
        if (TryTake("(?!"))
            return new RegexNode.LookAhead(Close(ParseChoice()), Negative: true);
        if (TryTake("(?>"))
            return new RegexNode.Atomic(Close(ParseChoice()));
        if (_pattern.AsSpan(_position).StartsWith("(?"))
            return ParseOptions();
        _position++;
        return Close(ParseChoice());
    }

    // (?i:x), (?i-m:x), or (?i) up to the end of the group around it.
    private RegexNode? ParseOptions()
    {
        var (start, on) = (_position, true);
        var (ignoreCase, dotMatchesNewline) = (_ignoreCase, _dotMatchesNewline);
        for (_position += 2; !AtEnd && _pattern[_position] is not (':' or ')'); _position++)
        {
            switch (_pattern[_position])
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    _ignoreCase = on;
                    break;
                case 'm':
                    _dotMatchesNewline = on;
                    break;
                default:
                    _position = start;
                    throw Unsupported($"the group '{_pattern.AsSpan(start, Math.Min(4, _pattern.Length - start))}'");
            }
        }
        if (TryTake(")"))
            return null;
        if (!TryTake(":"))
            throw Unsupported("a group without ')'");
        var part = Close(ParseChoice());
        (_ignoreCase, _dotMatchesNewline) = (ignoreCase, dotMatchesNewline);
        return part;
    }

    private RegexNode Close(RegexNode part) => TryTake(")") ? part : throw Unsupported("a group without ')'");

    private RegexNode ParseRepeats(RegexNode atom)
    {
        while (!AtEnd)
        {
            var isCount = _pattern[_position] == '{';
            (int Least, int Most)? bounds = _pattern[_position] switch
            {
                '*' => (0, int.MaxValue),
                '+' => (1, int.MaxValue),
                '?' => (0, 1),
                '{' when TryParseCount(out var counted) => counted,
                _ => null,
            };
            if (bounds is not { } range)
                break;
            if (!isCount)
                _position++;
            if (atom is RegexNode.Anchor or RegexNode.LookAhead)
                throw Unsupported("repetition of a place");
            atom = Repeat(atom, range.Least, range.Most, TakeMode(isCount, range.Least == range.Most));
        }
        return atom;
    }

    private RepeatMode TakeMode(bool isCount, bool isExactCount)
    {
        if (isCount ? !isExactCount && TryTake("?") : TryTake("?"))
            return RepeatMode.Lazy;
        return !isCount && TryTake("+") ? RepeatMode.Possessive : RepeatMode.Greedy;
    }

    private RegexNode.Repeat Repeat(RegexNode part, int least, int most, RepeatMode mode)
    {
        // Engines differ in when such a loop ends.
        if (most > 1 && part.CanBeEmpty)
            throw Unsupported("repetition of a part that can match nothing");
        return new RegexNode.Repeat(part, least, most, mode);
    }

    // {n}, {n,}, {n,m}, {,m}; anything else after '{' is a literal brace.
    private bool TryParseCount(out (int Least, int Most) bounds)
    {
        bounds = default;
        var close = _pattern.IndexOf('}', _position);
        if (close < 0)
            return false;
        var parts = _pattern[(_position + 1)..close].Split(',');
        if (parts.Length > 2 || parts.Any(part => !part.All(char.IsAsciiDigit)) || (parts[0] + parts[^1]).Length == 0)
            return false;
        int Count(string digits) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= HighestCount
                ? count
                : throw Unsupported($"a count above {HighestCount}");
        var least = parts[0].Length == 0 ? 0 : Count(parts[0]);
        var most = parts[^1].Length == 0 ? int.MaxValue : Count(parts[^1]);
        if (least > most)
            throw Unsupported("a count whose least is above its most");
        bounds = (least, most);
        _position = close + 1;
        return true;
    }

    private RegexNode ParseEscape()
    {
        RegexAnchor? anchor = Peek(1) switch
        {
            'A' => RegexAnchor.TextStart,
            'z' => RegexAnchor.TextEnd,
            'Z' => RegexAnchor.TextEndOrFinalNewline,
            'b' => RegexAnchor.WordBoundary,
            'B' => RegexAnchor.NoWordBoundary,
            _ => null,
        };
        if (anchor is { } place)
        {
            _position += 2;
            return new RegexNode.Anchor(place);
        }
        var start = _position++;
        // Oniguruma folds the case of bracketed classes, not of a bare \p{Lu}.
        if (TryParseEscapedClass(inClass: false) is { } set)
            return new RegexNode.Set(set);
        return Literal(TakeEscapedCode(start));
    }

    private RegexNode.Set Literal(int code)
    {
        var set = CharacterClass.Single(code);
        return new RegexNode.Set(_ignoreCase ? set.IgnoringCase() : set);
    }

    // After the backslash.
    private int TakeEscapedCode(int start)
    {
        if (AtEnd)
            throw Unsupported("a backslash at the end");
        var code = TakeCode();
        switch (code)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'a':
                return '\a';
            case 'e':
                return 0x1B;
            case 'x' when TryTake("{"):
                var close = _pattern.IndexOf('}', _position);
                return close < 0 ? throw Unsupported("'\\x{' without '}'") : TakeHex(close - _position, skip: 1);
            case 'x':
                return TakeHex(2, skip: 0);
            case 'u':
                return TakeHex(4, skip: 0);
            case < 128 when char.IsAsciiLetterOrDigit((char)code):
                _position = start;
                throw Unsupported($"the escape '\\{(char)code}'");
            default:
                return code;
        }
    }

    private int TakeHex(int digits, int skip)
    {
        if (_position + digits > _pattern.Length
            || !int.TryParse(_pattern.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code))
        {
            throw Unsupported("a hexadecimal escape that names no character");
        }
        _position += digits + skip;
        return code;
    }

    private int TakeCode()
    {
        if (Rune.DecodeFromUtf16(_pattern.AsSpan(_position), out var rune, out var used) != System.Buffers.OperationStatus.Done)
            throw Unsupported("half a surrogate pair");
        _position += used;
        return rune.Value;
    }

    private char? Peek(int ahead) => _position + ahead < _pattern.Length ? _pattern[_position + ahead] : null;

    private bool TryTake(string text)
    {
        if (!_pattern.AsSpan(_position).StartsWith(text))
            return false;
        _position += text.Length;
        return true;
    }

    private FormatException Unsupported(string what) => new($"{what} at character {_position}");
}
