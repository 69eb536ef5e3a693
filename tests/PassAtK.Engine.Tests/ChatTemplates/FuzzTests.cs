using CsCheck;
using PassAtK.Engine.ChatTemplates;

namespace PassAtK.Engine.Tests.ChatTemplates;

/// <summary>Templates with pieces cut, doubled, swapped and replaced: each renders or is refused; no other exception, no hang.</summary>
public class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "~", "|", "(", ")", "[", "]", "{", "}", ":", ",", "'", "\"", "\\", "\n", " ", "if ", "else",
        "endif", "for ", "in ", "endfor", "set ", "=", "not ", "is ", "defined", "loop", "messages", ".x", "[0]", "[::-1]", "none", "1", "-1", "1.5",
        "|tojson", "|length", "|list", "|sort", "|int", "|string", "namespace()", "range(9)", "macro f()", "endmacro", "f()", "raw", "endraw", "é", "😀",
        "\ud83d", ".items()", ".split()", "**", "//", "%", "*", "<", "==", "break", "generation",
    ];

    private static readonly Gen<(int Kind, double At, double To, string Piece)> Edit =
        Gen.Select(Gen.Int[0, 4], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]));

    private static readonly ChatMessage[] Messages =
        [new("system", "Be kind."), new("user", "Hi 😀"), new("assistant", "<think>\nx\n</think>\n\ny"), new("user", "")];

    [Fact]
    public void Mutated_small_templates_render_or_are_refused()
    {
        var seeds = SemanticsTests.Cases().Select(item => item.Template).ToArray();
        Check(seeds, iterations: 20_000, edits: 4);
    }

    [Fact]
    public void Mutated_real_templates_render_or_are_refused()
    {
        var templates = NodeReference.DocumentOrSkip().GetProperty("templates").EnumerateArray();
        Check([.. templates.Select(template => template.GetProperty("source").GetString()!)], iterations: 4_000, edits: 6);
    }

    private static void Check(string[] seeds, int iterations, int edits) => Gen.Select(Gen.Int[0, seeds.Length - 1].Select(i => seeds[i]), Edit.Array[0, edits]).Sample(
        (seed, mutations) =>
        {
            var template = mutations.Aggregate(seed, Apply);
            try
            {
                Assert.NotNull(ChatTemplate.Parse(template).Render(Messages, addGenerationPrompt: true, new ChatTemplateContext()));
            }
            catch (InputException refusal)
            {
                Assert.Matches("^chat_template, line [0-9]+: ", refusal.Message);
            }
        },
        iter: iterations);

    private static string Apply(string template, (int Kind, double At, double To, string Piece) edit)
    {
        var at = (int)(edit.At * template.Length);
        var to = Math.Min(template.Length, at + (int)(edit.To * Math.Min(40, template.Length)));
        return edit.Kind switch
        {
            0 => template.Insert(at, edit.Piece),
            1 => template.Remove(at, to - at),
            2 => template.Insert(to, template[at..to]),
            3 => template.Remove(at, to - at).Insert(at, edit.Piece),
            _ => template[at..to] + template[..at] + template[to..],
        };
    }
}
