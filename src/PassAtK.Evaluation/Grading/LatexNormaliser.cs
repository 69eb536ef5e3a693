using System.Text;
using PassAtK.Evaluation.Grading.Mathematics;

namespace PassAtK.Evaluation.Grading;

/// <summary>Writes LaTeX anew, token by token, in one spelling. One instance serves one text.</summary>
internal sealed class LatexNormaliser(string text)
{
    private static readonly HashSet<string> Dropped =
    [
        "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "quad", "qquad", "degree",
        "!", ",", ";", ":", " ", "$", "(", ")", "[", "]",
    ];

    private static readonly HashSet<string> TextCommands =
    [
        "text", "textbf", "textit", "textrm", "textnormal", "textup", "mbox", "mathrm", "mathbf", "mathit", "mathsf", "operatorname",
    ];

    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["dfrac"] = "frac",
        ["tfrac"] = "frac",
        ["cfrac"] = "frac",
        ["le"] = "leq",
        ["ge"] = "geq",
        ["ne"] = "neq",
        ["lt"] = "<",
        ["gt"] = ">",
        ["%"] = "%",
        ["#"] = "#",
        ["&"] = "&",
        ["_"] = "_",
    };

    private readonly StringBuilder _output = new(text.Length);

    /// <summary>For each open brace: how many arguments are still wanted after it closes.</summary>
    private readonly Stack<int> _wantedAfter = new();

    private int _at;

    /// <summary>Arguments that a `\frac` or `\sqrt` still wants: a single token serves as well as a group.</summary>
    private int _wanted;

    public string Normalise()
    {
        while (_at < text.Length)
        {
            var character = text[_at];
            if (character == '\\')
                Command();
            else if (char.IsWhiteSpace(character))
                Blank();
            else
                Character(character);
        }
        return _output.ToString();
    }

    private void Character(char character)
    {
        _at++;
        switch (character)
        {
            case '$':
                break;
            case '{':
                _wantedAfter.Push(Math.Max(0, _wanted - 1));
                _wanted = 0;
                _output.Append('{');
                break;
            case '}':
                _wanted = _wantedAfter.TryPop(out var wanted) ? wanted : 0;
                _output.Append('}');
                break;
            case '[' when _wanted == 1 && EndsWith(@"\sqrt"):
                var end = text.IndexOf(']', _at);
                end = end < 0 ? text.Length : end + 1;
                _output.Append(text, _at - 1, end - _at + 1);
                _at = end;
                break;
            default:
                Token(character.ToString());
                break;
        }
    }

    /// <summary>Blanks go, except those that keep two numbers apart; `1 000` is one number.</summary>
    private void Blank()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        if (_output.Length == 0 || !char.IsAsciiDigit(_output[^1]) || _at == text.Length || !char.IsAsciiDigit(text[_at]))
            return;
        var end = _at;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (end - _at != 3)
            _output.Append(' ');
    }

    private void Command()
    {
        var end = _at + 1;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
            end++;
        if (end == _at + 1 && end < text.Length)
            end++;
        var name = text[(_at + 1)..end];
        _at = end;
        if (Dropped.Contains(name))
            return;
        name = Renamed.GetValueOrDefault(name, name);
        if (name is "frac" or "sqrt")
        {
            _output.Append('\\').Append(name);
            _wanted = name == "frac" ? 2 : 1;
        }
        else if (TextCommands.Contains(name) && Group() is { } content)
        {
            Words(content);
        }
        else
        {
            Token(name is "<" or ">" or "%" or "#" or "&" or "_" ? name : '\\' + name);
        }
    }

    /// <summary>The content of the group that begins here, which is then passed; null where none begins or it does not close.</summary>
    private string? Group()
    {
        var start = _at;
        while (start < text.Length && text[start] == ' ')
            start++;
        if (start == text.Length || text[start] != '{')
            return null;
        var depth = 0;
        for (var end = start; end < text.Length; end++)
        {
            depth += text[end] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth > 0)
                continue;
            _at = end + 1;
            return text[(start + 1)..end];
        }
        return null;
    }

    /// <summary>
    /// Words after a number are its unit and go, with the unit's exponent; other words stay without their blanks, as do those that multiply
    /// (`million`) and those before another number (`1\text{ hour }30\text{ minutes}`).
    /// </summary>
    private void Words(string content)
    {
        var words = content.Trim();
        if (words.Length > 0 && words.All(character => char.IsLetter(character) || character is ' ' or '.' or '/')
            && MathNumber.Read(_output.ToString()) is not null && words is not ("or" or "and")
            && UnitTable.Multiple(words).IsOne && text.AsSpan(_at).TrimStart() is not [>= '0' and <= '9', ..])
        {
            if (words.StartsWith("percent", StringComparison.OrdinalIgnoreCase))
                _output.Append('%');
            PassExponent();
            return;
        }
        foreach (var character in content)
        {
            if (!char.IsWhiteSpace(character))
                _output.Append(character);
        }
    }

    private void PassExponent()
    {
        if (_at >= text.Length || text[_at] != '^')
            return;
        _at++;
        if (Group() is null && _at < text.Length)
            _at++;
    }

    private void Token(string token)
    {
        if (_wanted > 0)
        {
            _wanted--;
            _output.Append('{').Append(token).Append('}');
        }
        else
        {
            _output.Append(token);
        }
    }

    private bool EndsWith(string ending) =>
        _output.Length >= ending.Length && _output.ToString(_output.Length - ending.Length, ending.Length) == ending;
}
