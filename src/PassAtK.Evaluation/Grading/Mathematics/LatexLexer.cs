namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Cuts an answer, in LaTeX or plain text, into tokens of one spelling. One pass; one instance serves one text.</summary>
internal sealed class LatexLexer
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private static readonly Dictionary<char, string> VulgarFractions = new()
    {
        ['½'] = "12",
        ['⅓'] = "13",
        ['⅔'] = "23",
        ['¼'] = "14",
        ['¾'] = "34",
        ['⅕'] = "15",
        ['⅖'] = "25",
        ['⅗'] = "35",
        ['⅘'] = "45",
        ['⅙'] = "16",
        ['⅚'] = "56",
        ['⅛'] = "18",
        ['⅜'] = "38",
        ['⅝'] = "58",
        ['⅞'] = "78",
    };

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _spaced;

    /// <summary>How many brackets are open: there, a comma separates and groups no thousands.</summary>
    private int _brackets;

    private LatexLexer(string text) => _text = text;

    /// <summary>The tokens and an end mark.</summary>
    /// <exception cref="UnreadableException">A command has no closing brace.</exception>
    public static List<Token> Read(string text)
    {
        var lexer = new LatexLexer(LatexRepair.Repair(text));
        lexer.ReadAll();
        lexer.Add(TokenKind.End, "");
        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (_at < _text.Length)
        {
            var character = _text[_at];
            if (character == '\\')
                Command();
            else if (char.IsWhiteSpace(character) || character is '$' or '~' or '\u200b')
                Blank();
            else if (char.IsAsciiDigit(character) || (character == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
                Number();
            else if (char.IsLetter(character))
                Word();
            else
                Sign(character);
        }
    }

    private void Blank()
    {
        _at++;
        _spaced = true;
    }

    private void Number()
    {
        var end = NumberReader.End(_text, _at, _brackets == 0, out var digits);
        _at = end;
        Add(TokenKind.Number, digits);
    }

    private void Word()
    {
        var start = _at;
        while (_at < _text.Length && char.IsLetter(_text[_at]))
            _at++;
        Add(TokenKind.Word, _text[start.._at]);
    }

    private void Sign(char character)
    {
        _at++;
        var next = _at < _text.Length ? _text[_at] : '\0';
        if (character is '<' or '>' or '!' && next == '=' && !(character == '!' && _at + 1 < _text.Length && _text[_at + 1] == '='))
        {
            _at++;
            Symbol(character switch { '<' => "≤", '>' => "≥", _ => "≠" });
        }
        else if (character == '=' && next == '=')
        {
            _at++;
            Symbol("=");
        }
        else if (character == '*' && next == '*')
        {
            _at++;
            Symbol("^");
        }
        else if (character == '-' && next == '>')
        {
            _at++;
            Symbol("→");
        }
        else if (Superscripts.Contains(character, StringComparison.Ordinal))
        {
            Symbol("^");
            Add(TokenKind.Number, ((char)('0' + Superscripts.IndexOf(character, StringComparison.Ordinal))).ToString());
        }
        else if (VulgarFractions.TryGetValue(character, out var fraction))
        {
            Add(TokenKind.Command, "frac");
            Add(TokenKind.Number, fraction[..1]);
            Add(TokenKind.Number, fraction[1..]);
        }
        else if (character == '√')
        {
            Add(TokenKind.Command, "sqrt");
        }
        else if (character is '∞' or '∅')
        {
            Add(TokenKind.Word, character.ToString());
        }
        else if (character is '€' or '£' or '¥' or '₹')
        {
            Add(TokenKind.Symbol, LatexSymbols.Currency + character.ToString());
        }
        else
        {
            Symbol(LatexSymbols.Unicode(character) ?? character.ToString());
        }
    }

    private void Command()
    {
        var name = CommandName();
        if (name == "\\")
            Symbol(LatexSymbols.NewRow.ToString());
        else if (name == "$")
            Add(TokenKind.Symbol, LatexSymbols.Currency + "$");
        else if (name is "left" or "right" && _at < _text.Length && _text[_at] == '.')
            _at++;
        else if (name is "begin" or "end")
            Environment(name);
        else if (LatexSymbols.Symbol(name) is { } symbol)
            Symbol(symbol);
        else if (LatexSymbols.Letter(name) is { } letter)
            Add(TokenKind.Word, letter);
        else if (LatexSymbols.IsTextual(name))
            Words(name);
        else if (name == "mathbb")
            Add(TokenKind.Word, Group() is "R" ? ConstantNames.Reals : throw new UnreadableException());
        else if (name is "hspace" or "vspace" or "phantom" or "tag" or "color")
            Group();
        else if (FunctionNames.Canonical(name) is not null && name is not ("sqrt" or "binom"))
            Add(TokenKind.Word, name);
        else if (name == "not")
            NotEqual();
        else if (LatexSymbols.IsIgnored(name))
            _spaced |= name is not "!" and not "left" and not "right";
        else
            Add(TokenKind.Command, name is "dfrac" or "tfrac" or "cfrac" or "nicefrac" or "sfrac" ? "frac" : name);
    }

    /// <summary>`\not=`; other negations are not known.</summary>
    private void NotEqual()
    {
        if (_at == _text.Length || _text[_at++] != '=')
            throw new UnreadableException();
        Symbol("≠");
    }

    /// <summary>The name after the backslash, which is passed; of an unknown one such as `quadx` the longest known beginning.</summary>
    private string CommandName()
    {
        var start = ++_at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
            _at++;
        if (_at == start)
            return _at < _text.Length ? _text[_at++].ToString() : "";
        var name = _text[start.._at];
        if (LatexSymbols.IsKnown(name))
            return name;
        for (var length = Math.Min(name.Length - 1, 16); length >= 2; length--)
        {
            if (!LatexSymbols.IsKnown(name[..length]))
                continue;
            _at = start + length;
            return name[..length];
        }
        return name;
    }

    private void Environment(string name)
    {
        var environment = Group().TrimEnd('*');
        Add(TokenKind.Command, name + ":" + environment);
        if (name == "begin" && environment == "array")
            Group();
    }

    private void Words(string command)
    {
        var upright = command is "mathrm" or "operatorname";
        var content = Group();
        var words = content.Trim();
        if (words.Length == 0)
        {
            _spaced = true;
        }
        else if (words.Length == 1 && char.IsLetter(words[0]))
        {
            _tokens.Add(new Token(TokenKind.Word, words, _spaced, Upright: true));
            _spaced = false;
        }
        else if (FunctionNames.Canonical(words) is not null && upright)
        {
            Add(TokenKind.Word, words);
        }
        else if (words.All(letter => char.IsLetter(letter) || letter is ' ' or '.' or '-' or '/' or '\''))
        {
            Add(TokenKind.Text, words.TrimEnd('.') is { Length: > 0 } shorter ? shorter : words);
        }
        else if (content.Length < _text.Length)
        {
            // Mathematics inside a text, as in \text{(C)}: the same tokens, read in place.
            foreach (var token in Read(content).SkipLast(1))
                _tokens.Add(token);
        }
    }

    /// <summary>What the next braces hold, or the next character.</summary>
    private string Group()
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        if (_at == _text.Length)
            throw new UnreadableException();
        if (_text[_at] != '{')
            return _text[_at++].ToString();
        var start = ++_at;
        for (var depth = 1; _at < _text.Length; _at++)
        {
            depth += _text[_at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return _text[start.._at++];
        }
        throw new UnreadableException();
    }

    private void Symbol(string symbol)
    {
        _brackets += symbol[0] switch
        {
            '(' or '[' or LatexSymbols.OpenSet => 1,
            ')' or ']' or LatexSymbols.CloseSet => -1,
            _ => 0,
        };
        Add(TokenKind.Symbol, symbol);
    }

    private void Add(TokenKind kind, string text)
    {
        _tokens.Add(new Token(kind, text, _spaced));
        _spaced = false;
    }
}
