using System.CommandLine;
using System.Text.Json;
using PassAtK.Cli.Options;
using PassAtK.Cli.Sessions;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk sample`: look at samples of one prompt; nothing is stored.</summary>
internal static class SampleCommand
{
    private const int DefaultMaxTokens = 256;

    public static Command Create()
    {
        var command = new Command("sample", "Look at samples of one prompt");
        var model = new ModelOptions();
        var prompt = new Option<string>("--prompt") { Description = "The prompt: a user message if the model has a chat template", Required = true };
        var count = new Option<int>("--samples", "-n") { Description = "Number of samples", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var sampling = new SamplingOptions();
        var backend = new BackendOptions();
        model.AddTo(command);
        command.Options.Add(prompt);
        command.Options.Add(count);
        command.Options.Add(json);
        sampling.AddTo(command);
        backend.AddTo(command);
        CommandRunner.SetAction(command, (arguments, cancellation) => backend.Run(arguments, device =>
        {
            var settings = sampling.Read(arguments);
            var samples = OptionValues.AtLeastOne(arguments, count);
            using var loaded = LoadedModel.Open(model.Folder(arguments), model.Template(arguments), device);
            var tokens = loaded.Prompts.Encode(arguments.GetValue(prompt)!);
            loaded.CheckPrompt("prompt", tokens);
            if (loaded.Prompts.LosesCharacters(arguments.GetValue(prompt)!))
                Terminal.Note("The prompt holds characters that the model's vocabulary lacks; its tokenizer drops them.");
            var maxTokens = settings.MaxTokens ?? DefaultMaxTokens;
            var engine = loaded.CreateEngine((long)tokens.Length + maxTokens);
            var completions = new Completion[samples];
            engine.Run(
                [Request(tokens, settings, maxTokens, samples)], completion => completions[completion.Sample] = completion, cancellation);
            if (arguments.GetValue(json))
                Terminal.Out.WriteLine(JsonSerializer.Serialize(Document(completions, engine.Statistics), CliJson.Default.SampleDocument));
            else
                Print(completions);
            return ExitCode.Done;
        }));
        return command;
    }

    private static SampleRequest Request(int[] prompt, SamplingSettings settings, int maxTokens, int samples) => new()
    {
        // The streams of an unnamed prompt: the same prompt and seed give the same samples.
        ProblemId = "sample",
        Prompt = prompt,
        Parameters = settings.Parameters,
        Seed = settings.Seed,
        MaxTokens = maxTokens,
        Stop = settings.Stop,
        Samples = [.. Enumerable.Range(0, samples)],
    };

    private static SampleDocument Document(Completion[] completions, EngineStatistics statistics) => new(
        [.. completions.Select(completion => new SampleDocument.Item(
            completion.Sample, completion.Tokens, completion.Text, completion.Finish == FinishReason.Stop ? "stop" : "length",
            completion.Logprobs.Sum(logprob => (double)logprob)))],
        new SampleDocument.SharingFacts(statistics.SampledTokens, statistics.ComputedRows));

    private static void Print(Completion[] completions)
    {
        foreach (var completion in completions)
        {
            var cut = completion.Finish == FinishReason.Length ? " (cut at the token limit)" : "";
            Terminal.Out.WriteLine($"[{completion.Sample}]{cut} {completion.Text}");
        }
    }
}

/// <summary>The JSON of `passatk sample`.</summary>
internal sealed record SampleDocument(IReadOnlyList<SampleDocument.Item> Samples, SampleDocument.SharingFacts Sharing)
{
    internal sealed record Item(int Index, int[] Tokens, string Text, string Finish, double Logprob);

    internal sealed record SharingFacts(long SampledTokens, long ComputedRows);
}
