using System.CommandLine;

namespace PassAtK.Cli.Options;

/// <summary>The options that name a model and how prompts are worded for it.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _model = new("--model") { Description = "Hugging Face model folder", Required = true };

    private readonly Option<string> _template = new("--template")
    {
        Description = "Prompts: auto (the model's chat template if it has one), plain, chat, or a Jinja file",
        DefaultValueFactory = _ => "auto",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_template);
    }

    public string Folder(ParseResult arguments) => arguments.GetValue(_model)!;

    public string Template(ParseResult arguments) => arguments.GetValue(_template)!;
}
