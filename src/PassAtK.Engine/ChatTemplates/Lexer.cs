namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// Cuts a template into tokens. White space follows Jinja2 with Hugging Face's settings: the newline after a block or comment is
/// dropped (trim_blocks), and so is the indentation before one (lstrip_blocks); `-` in a tag strips all white space on its side, `+`
/// keeps it. A single newline at the very end of the template is dropped.
/// </summary>
internal sealed class Lexer
{
    private const int MaxDigits = 2000;

    private static readonly string[] Operators =
        ["**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _name;
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;

    private Lexer(string source, string name)
    {
        _name = name;
        source = source.Replace("\r\n", "\n").Replace('\r', '\n');
        _source = source.EndsWith('\n') ? source[..^1] : source;
    }

    /// <exception cref="InputException">A character, string, comment or bracket is out of place.</exception>
    public static List<Token> Tokenize(string source, string name)
    {
        var lexer = new Lexer(source, name);
        while (lexer._position < lexer._source.Length)
            lexer.ReadTextAndTag();
        lexer._tokens.Add(new Token(TokenKind.End, "", lexer._line));
        return lexer._tokens;
    }

    private InputException Fail(string problem) => TemplateError.At(_name, _line, problem);

    private bool At(string text, int offset = 0) => string.CompareOrdinal(_source, _position + offset, text, 0, text.Length) == 0;

    private void Advance(int count)
    {
        _line += _source.AsSpan(_position, count).Count('\n');
        _position += count;
    }

    private void SkipSpace()
    {
        var end = _position;
        while (end < _source.Length && PythonText.IsSpace(_source[end]))
            end++;
        Advance(end - _position);
    }

    private void ReadTextAndTag()
    {
        var start = _position;
        var open = FindTag(start);
        if (open < 0)
        {
            AddText(_source[start..]);
            Advance(_source.Length - start);
            return;
        }
        var kind = _source[open + 1];
        var sign = SignAt(open + 2);
        AddText(StripBefore(start, open, sign, strips: kind != '{'));
        Advance(open - start);
        if (kind == '#')
            ReadComment(sign);
        else if (kind == '%' && TryReadRaw(sign))
            return;
        else
            ReadTag(kind == '%', sign);
    }

    private int FindTag(int from)
    {
        for (var i = from; (i = _source.IndexOf('{', i)) >= 0; i++)
        {
            if (i + 1 < _source.Length && _source[i + 1] is '{' or '%' or '#')
                return i;
        }
        return -1;
    }

    private char SignAt(int position) => position < _source.Length && _source[position] is '-' or '+' ? _source[position] : '\0';

    private void AddText(string text)
    {
        if (text.Length > 0)
            _tokens.Add(new Token(TokenKind.Text, text, _line));
    }

    /// <summary>The text before a tag, without what the tag's sign or lstrip_blocks takes from its end.</summary>
    private string StripBefore(int start, int end, char sign, bool strips)
    {
        var text = _source[start..end];
        if (sign == '-')
            return PythonText.StripEnd(text);
        if (sign == '+' || !strips)
            return text;
        var lineStart = text.LastIndexOf('\n') + 1;
        var opensLine = lineStart > 0 || start == 0 || _source[start - 1] == '\n';
        return opensLine && PythonText.IsAllSpace(text.AsSpan(lineStart)) ? text[..lineStart] : text;
    }

    private void ReadComment(char sign)
    {
        var end = _source.IndexOf("#}", _position + 2 + (sign == '\0' ? 0 : 1), StringComparison.Ordinal);
        if (end < 0)
            throw Fail("the comment that starts here has no '#}'");
        var strips = _source[end - 1] == '-';
        var keeps = _source[end - 1] == '+';
        Advance(end + 2 - _position);
        EndTag(strips, keeps);
    }

    /// <summary>After a closing tag: `-` takes all white space, otherwise trim_blocks takes one newline.</summary>
    private void EndTag(bool strips, bool keeps)
    {
        if (strips)
            SkipSpace();
        else if (!keeps && At("\n"))
            Advance(1);
    }

    private bool TryReadRaw(char sign)
    {
        var (matched, strips, _, end) = MatchKeyword(_position + 2 + (sign == '\0' ? 0 : 1), "raw");
        if (!matched || _source[end - 3] == '+')
            return false;
        Advance(end - _position);
        if (strips)
            SkipSpace();
        var start = _position;
        for (var open = start; (open = _source.IndexOf("{%", open, StringComparison.Ordinal)) >= 0; open++)
        {
            var endSign = SignAt(open + 2);
            var (found, stripsAfter, keepsAfter, close) = MatchKeyword(open + 2 + (endSign == '\0' ? 0 : 1), "endraw");
            if (!found)
                continue;
            AddText(StripBefore(start, open, endSign, strips: true));
            Advance(close - start);
            EndTag(stripsAfter, keepsAfter);
            return true;
        }
        throw Fail("'raw' has no 'endraw'");
    }

    /// <summary>Matches a keyword alone in a tag, from after the opening sign: white space, keyword, white space, closing tag.</summary>
    private (bool Matched, bool Strips, bool Keeps, int End) MatchKeyword(int at, string keyword)
    {
        while (at < _source.Length && PythonText.IsSpace(_source[at]))
            at++;
        if (string.CompareOrdinal(_source, at, keyword, 0, keyword.Length) != 0)
            return default;
        at += keyword.Length;
        while (at < _source.Length && PythonText.IsSpace(_source[at]))
            at++;
        var sign = SignAt(at);
        if (sign != '\0')
            at++;
        var matched = string.CompareOrdinal(_source, at, "%}", 0, 2) == 0;
        return (matched, sign == '-', sign == '+', at + 2);
    }

    private void ReadTag(bool block, char sign)
    {
        _tokens.Add(new Token(block ? TokenKind.BlockBegin : TokenKind.OutputBegin, "", _line));
        Advance(sign == '\0' ? 2 : 3);
        var close = block ? "%}" : "}}";
        var brackets = new Stack<char>();
        while (true)
        {
            SkipSpace();
            if (_position >= _source.Length)
                throw Fail($"a tag has no '{close}'");
            if (brackets.Count == 0 && TryEndTag(block, close))
                return;
            ReadExpressionToken(brackets);
        }
    }

    private bool TryEndTag(bool block, string close)
    {
        var sign = SignAt(_position);
        var signed = sign == '-' || (sign == '+' && block);
        if (!At(close, signed ? 1 : 0))
            return false;
        _tokens.Add(new Token(block ? TokenKind.BlockEnd : TokenKind.OutputEnd, "", _line));
        Advance(signed ? 3 : 2);
        EndTag(sign == '-', keeps: sign == '+' || !block);
        return true;
    }

    private void ReadExpressionToken(Stack<char> brackets)
    {
        var character = _source[_position];
        if (char.IsAsciiDigit(character))
            ReadNumber();
        else if (character is '\'' or '"')
            ReadString(character);
        else if (char.IsLetter(character) || character == '_')
            ReadName();
        else
            ReadOperator(brackets);
    }

    private void ReadNumber()
    {
        // After a dot a number is an index (`pair.0.1`), never a float.
        var isIndex = _source[_position - 1] == '.';
        var (length, isFloat) = NumberLiteral.Match(_source.AsSpan(_position), allowFloat: !isIndex);
        if (length > MaxDigits)
            throw Fail($"a number has more than {MaxDigits} digits");
        var text = _source.Substring(_position, length).Replace("_", "");
        _tokens.Add(new Token(isFloat ? TokenKind.Float : TokenKind.Integer, text, _line));
        Advance(length);
    }

    private void ReadString(char quote)
    {
        var end = _position + 1;
        while (end < _source.Length && _source[end] != quote)
            end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length)
            throw Fail("a string has no closing quote");
        var body = _source[(_position + 1)..end];
        var text = StringLiteral.Unescape(body) ?? throw Fail($"the string {quote}{body}{quote} has a malformed escape");
        _tokens.Add(new Token(TokenKind.String, text, _line));
        Advance(end + 1 - _position);
    }

    private void ReadName()
    {
        var end = _position;
        while (end < _source.Length && (char.IsLetterOrDigit(_source[end]) || _source[end] == '_'))
            end++;
        _tokens.Add(new Token(TokenKind.Name, _source[_position..end], _line));
        Advance(end - _position);
    }

    private void ReadOperator(Stack<char> brackets)
    {
        var text = Array.Find(Operators, candidate => At(candidate)) ?? throw Fail($"unexpected character '{_source[_position]}'");
        if (text is "(" or "[" or "{")
            brackets.Push(text[0]);
        else if (text is ")" or "]" or "}" && (!brackets.TryPop(out var open) || text[0] != Closing(open)))
            throw Fail($"'{text}' closes nothing that is open");
        _tokens.Add(new Token(TokenKind.Operator, text, _line));
        Advance(text.Length);
    }

    private static char Closing(char open) => open switch { '(' => ')', '[' => ']', _ => '}' };
}
