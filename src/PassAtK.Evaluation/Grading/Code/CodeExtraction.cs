using System.Text.RegularExpressions;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>A completion as a program.</summary>
/// <param name="Answer">The part of the completion that is code.</param>
/// <param name="Preamble">Code of the prompt to run before: its imports and helpers are there for an answer that leaves them out.</param>
/// <param name="Program">What is run.</param>
internal sealed record ExtractedProgram(string Answer, string Preamble, string Program);

/// <summary>
/// Finds the program in a completion. Code stands in fenced blocks, or else the whole text is code. A text that defines the entry point
/// stands by itself; any other continues the prompt.
/// </summary>
internal static partial class CodeExtraction
{
    public static ExtractedProgram Extract(CodeGold gold, string completion)
    {
        var definition = Definition(gold.EntryPoint);
        var answer = Fenced(completion, definition) ?? completion;
        return gold.Prompt.Length == 0 || definition.IsMatch(answer)
            ? new ExtractedProgram(answer, gold.Prompt, answer)
            : new ExtractedProgram(answer, "", gold.Prompt + answer);
    }

    /// <summary>The last block that defines what is wanted, else the last one; null where there is none. A block cut off counts.</summary>
    private static string? Fenced(string text, Regex definition)
    {
        string? last = null, lastDefining = null;
        List<string>? block = null;
        foreach (var line in text.Split('\n'))
        {
            if (!line.AsSpan().TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                block?.Add(line);
                continue;
            }
            if (block is null)
            {
                block = [];
                continue;
            }
            End(block);
            block = null;
        }
        if (block is not null)
            End(block);
        return lastDefining ?? last;

        void End(List<string> lines)
        {
            last = string.Join('\n', lines);
            if (definition.IsMatch(last))
                lastDefining = last;
        }
    }

    private static Regex Definition(string? entryPoint) => entryPoint is null
        ? AnyDefinition()
        : new Regex($@"^(async[ \t]+)?(def|class)[ \t]+{Regex.Escape(entryPoint)}\b|^{Regex.Escape(entryPoint)}[ \t]*=", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^(async[ \t]+)?(def|class)[ \t]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex AnyDefinition();
}
