using System.Globalization;
using PassAtK.Engine;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>
/// Whether a run's tokens mean to another model what they meant to the one that drew them: its tokenizer makes the stored tokens of the
/// stored prompts, and the stored texts of the stored samples. That holds for files that differ in what the run does not touch, and fails
/// where one token that it does touch is another. Special tokens have no text in a sample and are taken at their ids.
/// </summary>
internal static class TokenMeaning
{
    private const int ShownCharacters = 40;

    /// <exception cref="InputException">The model tokenizes the prompt of a problem differently.</exception>
    public static void CheckPrompts(string path, IEnumerable<PreparedProblem> problems, LoadedModel model)
    {
        foreach (var problem in problems)
        {
            if (!Encodes(problem, special: true) && !Encodes(problem, special: false))
            {
                throw new InputException(
                    $"{path}: the tokenizer of {model.Folder} encodes the prompt of '{problem.Problem.Id}' differently, so token " +
                    "log-likelihoods would not be comparable.");
            }
        }

        // Special tokens may stand in the stored text (a chat template writes them), so either way of encoding may be the right one.
        bool Encodes(PreparedProblem problem, bool special) =>
            model.Tokenizer.Encode(problem.PromptText, special).AsSpan().SequenceEqual(problem.PromptTokens);
    }

    /// <summary>Looks at what <paramref name="scorer"/> has not scored; holds one sample at a time.</summary>
    /// <exception cref="InputException">The model reads a sample differently, lacks a token of it, or has too small a context.</exception>
    public static void CheckSamples(
        RunReader reader, PreparedProblem[] problems, Scorer scorer, LoadedModel model, CancellationToken cancellation)
    {
        for (var position = 0; position < problems.Length; position++)
        {
            foreach (var (id, index) in reader.Unscored(scorer, position))
            {
                cancellation.ThrowIfCancellationRequested();
                CheckSample(
                    string.Create(CultureInfo.InvariantCulture, $"{reader.Path}: sample {index} of '{problems[position].Problem.Id}'"),
                    problems[position].PromptTokens.Length, reader.Completion(id), model);
            }
        }
    }

    private static void CheckSample(string name, int promptTokens, ScorableCompletion sample, LoadedModel model)
    {
        if (sample.Tokens.Length == 0)
            throw new InputException($"{name} has no token, expected at least one to score.");
        if (sample.Tokens.Max() is var highest && highest >= model.Config.VocabularySize)
        {
            throw new InputException(
                $"{name} holds token {highest}, outside the vocabulary of {model.Config.VocabularySize} of {model.Folder}.");
        }
        if ((long)promptTokens + sample.Tokens.Length is var length && length > model.Config.MaxPositions)
        {
            throw new InputException(
                $"{name} has {length} tokens with its prompt, more than the context of {model.Config.MaxPositions} of {model.Folder}.");
        }
        var text = model.Tokenizer.Decode(sample.Tokens);
        // A stop text may have cut the stored one.
        if (text == sample.Text || (sample.Finish == "stop" && text.StartsWith(sample.Text, StringComparison.Ordinal)))
            return;
        var at = text.AsSpan().CommonPrefixLength(sample.Text);
        throw new InputException(
            $"{name} reads '{Shown(sample.Text, at)}' where the tokenizer of {model.Folder} reads '{Shown(text, at)}': its tokens mean "
            + "something else there, so their log-likelihood would say nothing.");
    }

    private static string Shown(string text, int from) =>
        text.Substring(from, Math.Min(ShownCharacters, text.Length - from)).ReplaceLineEndings("\\n");
}
