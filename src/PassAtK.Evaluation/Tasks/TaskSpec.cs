using PassAtK.Engine;

namespace PassAtK.Evaluation.Tasks;

/// <summary>Reads what a person writes for `--task`: `NAME:FILE` of a known format, or the path of a JSON Lines file.</summary>
public static class TaskSpec
{
    private const string Known = "code:FILE, countdown:FILE, gsm8k:FILE, humaneval:FILE, math:FILE, mbpp:FILE or the path of a JSON Lines file";

    /// <exception cref="InputException">The format is unknown or not supported, or no file is named.</exception>
    public static EvaluationTask Parse(string spec)
    {
        var colon = spec.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : spec[..colon];
        // A path may hold a colon of its own (`C:\problems.jsonl`, `./a:b.jsonl`): only a bare word before it is a format's name.
        if (name.Length < 2 || !name.All(char.IsAsciiLetterOrDigit))
            return new JsonlTask(NotEmpty(spec, spec));

        var file = spec[(colon + 1)..];
        return name switch
        {
            "countdown" => new CountdownTask(NotEmpty(file, spec)),
            "gsm8k" => new Gsm8kTask(NotEmpty(file, spec)),
            "math" => new MathTask(NotEmpty(file, spec)),
            "mbpp" => new MbppTask(NotEmpty(file, spec)),
            "humaneval" or "code" => new FunctionTask(name, NotEmpty(file, spec)),
            _ => throw new InputException($"task '{spec}': there is no format named '{name}', expected {Known}."),
        };
    }

    private static string NotEmpty(string file, string spec) =>
        file.Length > 0 ? file : throw new InputException($"task '{spec}': no file is named, expected {Known}.");
}
