using PassAtK.Engine.ChatTemplates;

namespace PassAtK.Engine.Tests.ChatTemplates;

/// <summary>No template hangs, fills the memory or overflows the stack: each of these ends with a complaint.</summary>
public class LimitTests
{
    /// <summary>Renders on a thread with half a mebibyte of stack, less than any platform gives a thread of its own accord.</summary>
    private static string Complaint(string template)
    {
        Exception? thrown = null;
        var thread = new Thread(
            () => thrown = Record.Exception(
                () => ChatTemplate.Parse(template).Render([], addGenerationPrompt: false, new ChatTemplateContext())),
            maxStackSize: 1 << 19);
        thread.Start();
        thread.Join();
        return Assert.IsType<InputException>(thrown).Message;
    }

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "steps of work")]
    [InlineData("{% for a in range(100000) %}{{ 'x' * 10000 }}{% endfor %}", "characters")]
    [InlineData("{{ 'x' * 10 ** 12 }}", "characters")]
    [InlineData("{{ [0] * 10 ** 12 }}", "items")]
    [InlineData("{{ range(10 ** 9) }}", "range() of more than 100000 numbers")]
    [InlineData("{{ 10 ** (10 ** 10) }}", "bits")]
    [InlineData("{% set ns = namespace(x='x') %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for a in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}", "steps of work")]
    [InlineData("{% set ns = namespace(x=7) %}{% for a in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}", "bits")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "levels deep")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{{ l }}", "levels deep")]
    [InlineData("{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}", "levels deep")]
    [InlineData("{% set a = [] %}{% set b = [a] %}{% set _ = a.append(b) %}{{ a == b }}", "levels deep")]
    [InlineData("{{ '%999999999d' % 1 }}", "not supported")]
    [InlineData("{{ 'a' | center(10 ** 9) }}", "characters")]
    [InlineData("{{ [1] | tojson(indent=10 ** 9) }}", "characters")]
    public void A_template_that_asks_for_too_much_is_stopped(string template, string complaint) =>
        Assert.Contains(complaint, Complaint(template), StringComparison.Ordinal);

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    [InlineData("1 + (", ")")]
    public void Deeply_nested_syntax_is_refused(string open, string close)
    {
        var expression = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));

        Assert.Contains("levels deep", Complaint("{{ " + expression + " }}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% if 1 %}", "{% endif %}")]
    [InlineData("{% for a in [1] %}", "{% endfor %}")]
    public void Deeply_nested_blocks_are_refused(string open, string close)
    {
        var template = string.Concat(Enumerable.Repeat(open, 100_000)) + string.Concat(Enumerable.Repeat(close, 100_000));

        Assert.Contains("levels deep", Complaint(template), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_operators_is_refused_rather_than_overflowing_the_stack() =>
        Assert.Contains("levels deep", Complaint("{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 100_000)) + " }}"), StringComparison.Ordinal);

    [Fact]
    public void A_long_conversation_is_well_inside_the_limits()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}{% if m.role == 'user' %}{{ m.role ~ ': ' ~ m.content | trim }}{% endif %}\n{% endfor %}");
        var messages = Enumerable.Range(0, 5000).Select(i => new ChatMessage("user", new string('x', 400))).ToList();

        Assert.Equal(5000 * 406, template.Render(messages, addGenerationPrompt: false, new ChatTemplateContext()).Length);
    }
}
