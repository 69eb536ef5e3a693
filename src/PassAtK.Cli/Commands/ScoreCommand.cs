using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PassAtK.Cli.Options;
using PassAtK.Cli.Sessions;
using PassAtK.Engine;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk score`: the log-likelihood of a text, of tokens, or of a run's samples under a model.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var command = new Command("score", "Store the log-likelihood of a run's samples under another model; also of a text or tokens");
        var source = new Argument<string?>("RUN")
        {
            Description = "A run whose samples to score; what is scored already is not scored again",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var model = new ModelOptions();
        var text = new Option<string?>("--text") { Description = "A text to score" };
        var tokens = new Option<string?>("--tokens") { Description = "Token ids to score, separated by commas" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var lines = new Option<bool>("--lines") { Description = "Print a JSON line per sample of RUN, with each token's log-likelihood" };
        var grader = new Option<string?>("--grader") { Description = "Whose verdicts tell correct samples [default: the run's grader]" };
        var backend = new BackendOptions();
        command.Arguments.Add(source);
        model.AddTo(command);
        command.Options.Add(text);
        command.Options.Add(tokens);
        command.Options.Add(json);
        command.Options.Add(lines);
        command.Options.Add(grader);
        backend.AddTo(command);
        CommandRunner.SetAction(command, (arguments, cancellation) => backend.Run(arguments, device =>
        {
            string?[] sources = [arguments.GetValue(source), arguments.GetValue(text), arguments.GetValue(tokens)];
            if (sources.Count(source => source is not null) != 1)
                throw new UsageException("Expected one of RUN, --text and --tokens.");
            if (sources[0] is null && (arguments.GetValue(lines) || arguments.GetValue(grader) is not null))
                throw new UsageException("--lines and --grader need RUN.");
            if (arguments.GetValue(lines) && arguments.GetValue(json))
                throw new UsageException("--lines and --json exclude each other.");
            var run = sources[0] is { } named ? RunPath.Required(named) : null;
            using var loaded = LoadedModel.Open(model.Folder(arguments), model.Template(arguments), device);
            if (run is not null)
            {
                if (RunScoring.Execute(run, loaded, arguments.GetValue(QuietOption.Instance), cancellation) is not { } scorer)
                {
                    Terminal.Note($"Stopped; every finished score is in {run}. Run the same command again to go on.");
                    return ExitCode.Cancelled;
                }
                if (arguments.GetValue(lines))
                {
                    PrintLines(run, scorer, cancellation);
                    return ExitCode.Done;
                }
                var report = RunScoring.Report(run, scorer, arguments.GetValue(grader));
                Terminal.Out.Write(arguments.GetValue(json) ? report.ToJson() + "\n" : report.ToText());
                return ExitCode.Done;
            }
            var ids = sources[1] is { } given
                ? loaded.Tokenizer.Encode(given, addSpecialTokens: true)
                : OptionValues.Integers(sources[2]!, "--tokens", 0);
            if (sources[1] is not null && ids.All(loaded.Tokenizer.IsSpecial))
                throw new InputException("--text holds no character that the model's vocabulary knows: there is nothing to score.");
            float?[] logprobs = [.. Score(loaded, ids, cancellation).Select(value => float.IsFinite(value) ? value : (float?)null)];
            Print(new ScoreDocument(ids, logprobs), loaded, arguments.GetValue(json));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void PrintLines(string path, Scorer scorer, CancellationToken cancellation)
    {
        using var reader = RunReader.Open(path);
        using var output = new BufferedStream(Terminal.OpenOut(), 1 << 16);
        ScoreLines.Write(reader, scorer, output, cancellation);
    }

    private static float[] Score(LoadedModel model, int[] tokens, CancellationToken cancellation)
    {
        if (tokens.Length == 0)
            throw new InputException("There are no tokens to score: the text is empty.");
        foreach (var token in tokens)
        {
            if (token >= model.Config.VocabularySize)
                throw new InputException($"--tokens holds {token}, outside the model's vocabulary of {model.Config.VocabularySize}.");
        }
        if (tokens.Length == 1)
            return [];
        float[] logprobs = [];
        var request = new SampleRequest
        {
            ProblemId = "score",
            Prompt = tokens[..1],
            Parameters = new SamplingParameters(),
            Seed = 0,
            MaxTokens = tokens.Length - 1,
            Samples = [0],
            Given = new Dictionary<int, int[]> { [0] = tokens[1..] },
        };
        model.CreateEngine(tokens.Length).Run([request], completion => logprobs = completion.Logprobs, cancellation);
        return logprobs;
    }

    private static void Print(ScoreDocument document, LoadedModel model, bool json)
    {
        if (json)
        {
            Terminal.Out.WriteLine(JsonSerializer.Serialize(document, CliJson.Default.ScoreDocument));
            return;
        }
        var total = document.Logprobs.Sum(logprob => (double)(logprob ?? float.NegativeInfinity));
        for (var index = 0; index < document.Logprobs.Length; index++)
        {
            var token = document.Tokens[index + 1];
            var text = model.Tokenizer.Decode([token], skipSpecialTokens: false).ReplaceLineEndings("\\n");
            var line = string.Create(CultureInfo.InvariantCulture, $"{token,8}{document.Logprobs[index],12:0.0000}  {text}");
            Terminal.Out.WriteLine(line);
        }
        var perplexity = document.Logprobs.Length == 0 ? 1 : Math.Exp(-total / document.Logprobs.Length);
        var summary = string.Create(CultureInfo.InvariantCulture, $"log-likelihood {total:0.0000}, perplexity {perplexity:0.0000}");
        Terminal.Out.WriteLine(summary);
    }
}

/// <summary>
/// The JSON of `passatk score --text|--tokens`: one log-probability for each token after the first, null for minus infinity.
/// </summary>
internal sealed record ScoreDocument(int[] Tokens, float?[] Logprobs);
