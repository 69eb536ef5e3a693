using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PassAtK.Engine.ChatTemplates;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.ChatTemplates;

/// <summary>
/// The chat templates of real models over seeded conversations, byte for byte, errors included. Two references: Python's Jinja2
/// (digests in tests/golden/chat-templates/python-renderings.json, no exception made), and @huggingface/jinja run on the spot.
/// </summary>
public class RealTemplateTests
{
    private sealed record Rendering(string Template, int Case, JsonElement Variables, string? Npm, string? Here);

    private static List<Rendering>? _renderings;

    [Fact]
    public void Real_templates_render_as_in_Python()
    {
        var renderings = RenderingsOrSkip();
        var digests = PythonDigests();

        var wrong = renderings.Where(item => Digest(item.Here) != digests[item.Template][item.Case]).Select(Name);

        Assert.Equal("", string.Join('\n', wrong));
    }

    /// <summary>
    /// The npm package departs from Python in a few places: `+` and `trim` on what is no str, str() of a dict, `lstrip('\n')` (strips
    /// all white space), `'0' == false` (true), `==` of two equal dicts (false), selectattr(..., 'undefined'), tojson of Undefined (no
    /// error). A rendering is left out only where Python's own digest says that npm's text is not Python's.
    /// </summary>
    [Fact]
    public void Real_templates_render_as_in_npm_where_npm_renders_as_Python()
    {
        var renderings = RenderingsOrSkip();
        var digests = PythonDigests();

        var compared = renderings.Where(item => Digest(item.Npm) == digests[item.Template][item.Case]).ToList();
        var wrong = compared.Where(item => item.Npm != item.Here).Select(Name);

        Assert.Equal("", string.Join('\n', wrong));
        Assert.True(compared.Count > 0.85 * renderings.Count, $"npm renders only {compared.Count} of {renderings.Count} as Python does");
    }

    [Fact]
    public void Most_conversations_render_and_some_are_refused()
    {
        var renderings = RenderingsOrSkip();

        Assert.True(renderings.Select(item => item.Case).Distinct().Count() >= 200);
        Assert.InRange(renderings.Count(item => item.Here is null), 1, renderings.Count / 2);
    }

    private static string Name(Rendering item) => $"{item.Template}, conversation {item.Case}: {item.Variables.GetRawText()}";

    private static string Digest(string? text) =>
        text is null ? "error" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    private static Dictionary<string, string[]> PythonDigests()
    {
        var path = RepositoryPaths.InRepository("tests", "golden", "chat-templates", "python-renderings.json");
        using var golden = JsonDocument.Parse(File.ReadAllText(path));
        return golden.RootElement.GetProperty("digests").EnumerateObject()
            .ToDictionary(template => template.Name, template => template.Value.GetString()!.Split(' '));
    }

    private static List<Rendering> RenderingsOrSkip()
    {
        var document = NodeReference.DocumentOrSkip();
        return LazyInitializer.EnsureInitialized(ref _renderings, () => RenderAll(document));
    }

    private static List<Rendering> RenderAll(JsonElement document)
    {
        var now = document.GetProperty("now").GetDateTimeOffset();
        var templates = document.GetProperty("templates").EnumerateArray().ToList();
        var parsed = templates.ConvertAll(template => ChatTemplate.Parse(template.GetProperty("source").GetString()!));
        var perTemplate = new int[templates.Count];
        var renderings = new List<Rendering>();
        foreach (var item in document.GetProperty("renderings").EnumerateArray())
        {
            var index = item.GetProperty("template").GetInt32();
            var template = templates[index];
            var variables = item.GetProperty("variables");
            var npm = item.TryGetProperty("text", out var text) ? text.GetString() : null;
            var here = RenderOrNull(parsed[index], Context(template, variables, now), variables);
            renderings.Add(new Rendering(template.GetProperty("name").GetString()!, perTemplate[index]++, variables, npm, here));
        }
        return renderings;
    }

    private static ChatTemplateContext Context(JsonElement template, JsonElement variables, DateTimeOffset now) => new()
    {
        Tools = TemplateValue.FromJson(variables.GetProperty("tools")),
        Documents = TemplateValue.FromJson(variables.GetProperty("documents")),
        BosToken = template.GetProperty("bosToken").GetString(),
        EosToken = template.GetProperty("eosToken").GetString(),
        Now = now,
        Variables = variables.EnumerateObject()
            .Where(variable => variable.Name is not ("messages" or "tools" or "documents" or "add_generation_prompt"))
            .ToDictionary(variable => variable.Name, variable => TemplateValue.FromJson(variable.Value)),
    };

    private static string? RenderOrNull(ChatTemplate template, ChatTemplateContext context, JsonElement variables)
    {
        var messages = variables.GetProperty("messages").EnumerateArray().Select(ChatMessage.FromJson).ToList();
        try
        {
            return template.Render(messages, variables.GetProperty("add_generation_prompt").GetBoolean(), context);
        }
        catch (InputException)
        {
            return null;
        }
    }
}
