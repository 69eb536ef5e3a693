namespace PassAtK.Engine.ChatTemplates;

/// <summary>The one form that all complaints about a template take: its name, the line, what went wrong.</summary>
internal static class TemplateError
{
    public static InputException At(string template, int line, string problem)
    {
        var end = problem.Length > 0 && problem[^1] is '.' or '!' or '?' ? "" : ".";
        return new InputException($"{template}, line {line}: {problem}{end}");
    }
}
