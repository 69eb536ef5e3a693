using System.Text.Json;
using PassAtK.Engine.ChatTemplates;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.ChatTemplates;

/// <summary>
/// Small templates against what Python's Jinja2 made of them (tests/golden/chat-templates/semantics.json): white-space control,
/// literals, operators, str() and repr(), slices, Undefined, filters, tests, methods, scopes, macros, errors.
/// </summary>
public class SemanticsTests
{
    private static readonly DateTimeOffset Now = new(2024, 7, 6, 15, 4, 5, TimeSpan.Zero);

    private static readonly ChatMessage[] Messages = [new("system", "S"), new("user", "U")];

    internal static IReadOnlyList<(string Template, string? Text)> Cases()
    {
        using var golden = JsonDocument.Parse(
            File.ReadAllText(RepositoryPaths.InRepository("tests", "golden", "chat-templates", "semantics.json")));
        return [.. golden.RootElement.GetProperty("cases").EnumerateArray()
            .Select(item => (item.GetProperty("template").GetString()!, item.GetProperty("text").GetString()))];
    }

    internal static string? RenderOrNull(string template)
    {
        try
        {
            return ChatTemplate.Parse(template).Render(Messages, addGenerationPrompt: false, new ChatTemplateContext { Now = Now });
        }
        catch (InputException)
        {
            return null;
        }
    }

    [Fact]
    public void Small_templates_render_as_in_Python_and_fail_where_they_fail_there()
    {
        var cases = Cases();
        var wrong = cases
            .Select(item => (item.Template, Expected: item.Text, Actual: RenderOrNull(item.Template)))
            .Where(item => item.Expected != item.Actual)
            .Select(item => $"{item.Template}\n  Python: {Show(item.Expected)}\n  here:   {Show(item.Actual)}");

        Assert.True(cases.Count > 600);
        Assert.Equal("", string.Join('\n', wrong));
    }

    private static string Show(string? text) => text is null ? "an error" : $"'{text}'";
}
