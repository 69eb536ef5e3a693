using System.Text.Json;
using PassAtK.Engine.ChatTemplates;

namespace PassAtK.Engine.Tests.ChatTemplates;

public class ChatTemplateTests
{
    private const string ChatMl =
        """
        {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """;

    private static string Render(string template, ChatTemplateContext? context = null, params ChatMessage[] messages) =>
        ChatTemplate.Parse(template).Render(messages, addGenerationPrompt: false, context ?? new ChatTemplateContext());

    private static string Complaint(string template, ChatTemplateContext? context = null, params ChatMessage[] messages) =>
        Assert.Throws<InputException>(() => Render(template, context, messages)).Message;

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [Fact]
    public void A_conversation_becomes_a_prompt_that_ends_with_the_assistants_opening_only_where_asked()
    {
        var template = ChatTemplate.Parse(ChatMl);
        ChatMessage[] messages = [new("system", "Be brief."), new("user", "2 + 2?")];
        const string turns = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2 + 2?<|im_end|>\n";

        Assert.Equal(turns, template.Render(messages, addGenerationPrompt: false, new ChatTemplateContext()));
        Assert.Equal(turns + "<|im_start|>assistant\n", template.Render(messages, addGenerationPrompt: true, new ChatTemplateContext()));
    }

    [Fact]
    public void Template_syntax_in_a_message_is_only_text() =>
        Assert.Equal("{{ 1 }}{% if %}{#", Render("{{ messages[0].content }}", null, new ChatMessage("user", "{{ 1 }}{% if %}{#")));

    [Fact]
    public void Tokens_tools_and_further_variables_reach_the_template()
    {
        var context = new ChatTemplateContext
        {
            BosToken = "<s>",
            Tools = TemplateValue.FromJson(Json("""[{"type": "function", "n": 1.0}]""")),
            Variables = new Dictionary<string, TemplateValue> { ["enable_thinking"] = TemplateValue.False },
        };

        var text = Render("{{ bos_token }}|{{ eos_token }}|{{ tools | tojson }}|{{ documents }}|{{ enable_thinking }}", context);

        Assert.Equal("""<s>||[{"type": "function", "n": 1.0}]|None|False""", text);
    }

    [Fact]
    public void A_message_from_JSON_keeps_all_its_fields_and_their_order()
    {
        var message = ChatMessage.FromJson(Json("""{"tool_calls": [{"id": 1}], "role": "assistant", "content": null, "x": "é"}"""));

        Assert.Equal(("assistant", ""), (message.Role, message.Content));
        Assert.Equal(
            """{"tool_calls": [{"id": 1}], "role": "assistant", "content": null, "x": "é"}""", Render("{{ messages[0] | tojson }}", null, message));
    }

    [Fact]
    public void A_message_takes_further_fields()
    {
        var message = new ChatMessage("user", "a") { Fields = [KeyValuePair.Create("name", TemplateValue.Text("Ada"))] };

        Assert.Equal("{'role': 'user', 'content': 'a', 'name': 'Ada'}", Render("{{ messages[0] }}", null, message));
    }

    [Theory]
    [InlineData("[]", "A chat message is a JSON Array, expected an object with 'role' and 'content'.")]
    [InlineData("""{"role": "\ud800"}""", "A JSON string holds a surrogate without its partner, expected valid Unicode.")]
    [InlineData("""{"role": "user", "\udc00": 1}""", "A JSON string holds a surrogate without its partner, expected valid Unicode.")]
    [InlineData("""{"content": "x"}""", "A chat message has no string 'role'.")]
    public void A_malformed_message_is_refused(string json, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => ChatMessage.FromJson(Json(json))).Message);

    [Theory]
    [InlineData("a\n{{ messages.x.y }}", "chat_template, line 2: a list has no attribute 'x'.")]
    [InlineData("{{ nothing.x }}", "chat_template, line 1: 'nothing' is undefined.")]
    [InlineData("\n\n{{ raise_exception('Roles must alternate!') }}", "chat_template, line 3: Roles must alternate!")]
    [InlineData("{{ 1 +\n 'a' }}", "chat_template, line 1: '+' does not work on int and str.")]
    [InlineData("{% if x %}\n", "chat_template, line 1: expected 'endif', found the end of the template.")]
    [InlineData("{% include 'x' %}", "chat_template, line 1: the statement 'include' is not supported in chat templates.")]
    [InlineData("{{ 1 | shout }}", "chat_template, line 1: there is no filter 'shout'.")]
    [InlineData("{{ strftime_now('%Y') }}", "chat_template, line 1: 'strftime_now' is undefined.")]
    [InlineData("{{ 'x' }", "chat_template, line 1: '}' closes nothing that is open.")]
    [InlineData("{{ none < 1 }}", "chat_template, line 1: None and an int have no order.")]
    public void A_complaint_names_template_line_and_problem(string template, string message) => Assert.Equal(message, Complaint(template));

    [Fact]
    public void A_complaint_carries_the_name_the_template_was_parsed_under() => Assert.StartsWith(
        "tokenizer_config.json: chat_template 'rag', line 1: ",
        Assert.Throws<InputException>(() => ChatTemplate.Parse("{{", "tokenizer_config.json: chat_template 'rag'")).Message);

    [Fact]
    public void A_number_in_JSON_stays_as_exact_as_in_Python()
    {
        var context = new ChatTemplateContext { Tools = TemplateValue.FromJson(Json("[1, 1.0, 1e2, 12345678901234567890123, -0.5, 1e-7]")) };

        Assert.Equal("[1, 1.0, 100.0, 12345678901234567890123, -0.5, 1e-07]", Render("{{ tools }}", context));
    }

    [Fact]
    public void The_clock_is_the_callers()
    {
        var context = new ChatTemplateContext { Now = new DateTimeOffset(2024, 7, 26, 0, 0, 0, TimeSpan.Zero) };

        Assert.Equal("26 Jul 2024", Render("{{ strftime_now('%d %b %Y') if strftime_now is defined else 'no clock' }}", context));
        Assert.Equal("no clock", Render("{{ strftime_now('%d %b %Y') if strftime_now is defined else 'no clock' }}"));
    }

    [Fact]
    public void What_a_template_appends_stays_in_its_own_rendering()
    {
        var parts = TemplateValue.FromJson(Json("[1]"));
        var context = new ChatTemplateContext { Tools = parts };
        const string template = "{% set _ = tools.append(2) %}{% set _ = messages[0].update(x=1) %}{{ tools }}{{ messages[0].x }}";
        var message = ChatMessage.FromJson(Json("""{"role": "user", "content": ""}"""));

        Assert.Equal("[1, 2]1", Render(template, context, message));
        Assert.Equal("[1, 2]1", Render(template, context, message));
    }

    [Fact]
    public void One_template_renders_from_many_threads_at_once()
    {
        var template = ChatTemplate.Parse(ChatMl);
        var texts = new string[64];

        Parallel.For(0, texts.Length, i => texts[i] = template.Render(
            [new ChatMessage("user", $"{i}")], addGenerationPrompt: false, new ChatTemplateContext()));

        Assert.All(texts, (text, i) => Assert.Equal($"<|im_start|>user\n{i}<|im_end|>\n", text));
    }
}
