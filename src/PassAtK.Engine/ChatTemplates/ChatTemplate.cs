namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// A chat template: the Jinja2 source that turns a conversation into a model's prompt (`chat_template` in `tokenizer_config.json`).
/// Renders as transformers' apply_chat_template does: Jinja2 with trim_blocks and lstrip_blocks, loop controls, `generation` blocks,
/// and its functions raise_exception and strftime_now and its tojson. Immutable; may be used from several threads at once.
/// </summary>
public sealed class ChatTemplate
{
    private readonly string _name;
    private readonly IReadOnlyList<Statement> _body;

    private ChatTemplate(string name, IReadOnlyList<Statement> body)
    {
        _name = name;
        _body = body;
    }

    /// <param name="source">The template.</param>
    /// <param name="name">What messages about it call it.</param>
    /// <exception cref="InputException">
    /// The template breaks the grammar, or uses a statement that chat templates have no use for.
    /// </exception>
    public static ChatTemplate Parse(string source, string name = "chat_template") => new(name, StatementParser.Parse(source, name));

    /// <summary>The prompt for a conversation.</summary>
    /// <param name="messages">The conversation, oldest turn first.</param>
    /// <param name="addGenerationPrompt">Whether the prompt ends with the opening of the assistant's turn.</param>
    /// <param name="context">Tools, tokens and other variables.</param>
    /// <exception cref="InputException">
    /// The template refuses the conversation (its own message is passed on) or is itself in error.
    /// </exception>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, ChatTemplateContext context)
    {
        var rendering = new Rendering(_name, context.Now);
        var globals = new Scope(outer: null);
        Globals.Define(globals, rendering);
        // Values are copied so that a template that appends to a list changes its own alone.
        void Define(string name, TemplateValue value) => globals.Set(name, Copying.Copy(rendering, value));
        Define("messages", TemplateValue.List(messages.Select(message => message.ToValue())));
        Define("add_generation_prompt", TemplateValue.Boolean(addGenerationPrompt));
        Define("tools", context.Tools ?? TemplateValue.None);
        Define("documents", context.Documents ?? TemplateValue.None);
        if (context.BosToken is not null)
            Define("bos_token", TemplateValue.Text(context.BosToken));
        if (context.EosToken is not null)
            Define("eos_token", TemplateValue.Text(context.EosToken));
        foreach (var (name, value) in context.Variables)
            Define(name, value);
        return new StatementRunner(rendering).Render(_body, new Scope(globals));
    }
}
