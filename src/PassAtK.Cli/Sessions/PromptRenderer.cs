using System.Security.Cryptography;
using System.Text;
using PassAtK.Engine;
using PassAtK.Engine.ChatTemplates;
using PassAtK.Engine.Tokenization;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;
using TemplateMessage = PassAtK.Engine.ChatTemplates.ChatMessage;

namespace PassAtK.Cli.Sessions;

/// <summary>Turns problems into prompt tokens: through the model's chat template, or the task's plain wording where it has none.</summary>
internal sealed class PromptRenderer
{
    private readonly Tokenizer _tokenizer;
    private readonly ChatTemplate? _template;

    private PromptRenderer(Tokenizer tokenizer, ChatTemplate? template, string fingerprint)
    {
        _tokenizer = tokenizer;
        _template = template;
        TemplateFingerprint = fingerprint;
    }

    /// <summary>`chat` or `plain`, as stored with a run.</summary>
    public string Mode => _template is null ? "plain" : "chat";

    /// <summary>Hexadecimal SHA-256 of the template; empty for plain prompts.</summary>
    public string TemplateFingerprint { get; }

    /// <param name="tokenizer">The model's.</param>
    /// <param name="choice">`auto` (chat if the model has a template), `plain`, `chat`, or the path of a Jinja file.</param>
    /// <exception cref="InputException">The template is asked for and absent, or is no valid template.</exception>
    public static PromptRenderer Create(Tokenizer tokenizer, string choice)
    {
        var (source, name) = choice switch
        {
            "plain" => (null, ""),
            "auto" => (tokenizer.ChatTemplate, "chat_template"),
            "chat" => (tokenizer.ChatTemplate ?? throw new InputException("--template chat: the model has no chat template."), "chat_template"),
            _ => (ReadFile(choice), choice),
        };
        return source is null
            ? new PromptRenderer(tokenizer, null, "")
            : new PromptRenderer(
                tokenizer, ChatTemplate.Parse(source, name), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source))));
    }

    public PreparedProblem Prepare(EvaluationTask task, Problem problem)
    {
        if (_template is null)
        {
            var plain = task.PlainPrompt(problem);
            return new PreparedProblem(problem, plain, _tokenizer.Encode(plain, addSpecialTokens: true));
        }
        var text = Render([.. task.ChatPrompt(problem).Select(message => new TemplateMessage(message.Role, message.Content))]);
        return new PreparedProblem(problem, text, _tokenizer.Encode(text, addSpecialTokens: false));
    }

    /// <summary>Tokens of a prompt given as text: one user message for a chat model, else the text itself.</summary>
    public int[] Encode(string prompt) => _template is null
        ? _tokenizer.Encode(prompt, addSpecialTokens: true)
        : _tokenizer.Encode(Render([new TemplateMessage("user", prompt)]), addSpecialTokens: false);

    /// <summary>Whether encoding lost characters: a small vocabulary may lack some, and tokenizers drop those without a word.</summary>
    public bool LosesCharacters(string prompt)
    {
        static int Visible(string text) => text.Count(character => !char.IsWhiteSpace(character));
        return Visible(_tokenizer.Decode(_tokenizer.Encode(prompt, addSpecialTokens: false), skipSpecialTokens: false)) < Visible(prompt);
    }

    private string Render(IReadOnlyList<TemplateMessage> messages) => _template!.Render(
        messages,
        addGenerationPrompt: true,
        new ChatTemplateContext { BosToken = _tokenizer.BosToken, EosToken = _tokenizer.EosToken });

    private static string ReadFile(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new InputException($"--template is '{path}', expected auto, plain, chat or an existing Jinja file.");
}
