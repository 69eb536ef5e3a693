using System.Globalization;
using System.Text.Json;
using PassAtK.Engine;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>
/// Scores the samples of a run under another model, prefixes that samples share being computed once. Prints a JSON line per sample in
/// the order of `export`, or a summary: what perplexity analyses need.
/// </summary>
internal static class RunScoring
{
    private sealed class Totals
    {
        public long Samples { get; set; }

        public long Tokens { get; set; }

        public double Scored { get; set; }

        public double Drawn { get; set; }
    }

    public static void Print(string path, LoadedModel model, bool json, CancellationToken cancellation)
    {
        path = RunPath.Existing(path);
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such file, expected a run.");
        using var reader = RunReader.Open(path);
        PreparedProblem[] problems = [.. reader.Problems()];
        if (reader.SampleCount() == 0)
            throw new InputException($"{path}: the run has no samples yet.");
        foreach (var problem in problems)
            CheckTokenizer(path, problem, model);

        var longest = (long)problems.Max(problem => problem.PromptTokens.Length) + reader.Settings().MaxTokens;
        var engine = model.CreateEngine(longest);
        var totals = new Totals();
        using var output = new BufferedStream(Terminal.OpenOut(), 1 << 16);
        using var writer = new Utf8JsonWriter(output);
        // One problem at a time keeps the order and bounds the memory; its samples are a full batch by themselves.
        foreach (var (position, samples) in ByProblem(reader.Samples(null)))
        {
            var scored = Score(engine, problems[position], samples, cancellation);
            foreach (var sample in samples)
            {
                var logprobs = scored[sample.Index];
                var logprob = logprobs.Sum(value => (double)value);
                totals.Samples++;
                totals.Tokens += logprobs.Length;
                totals.Scored += logprob;
                totals.Drawn += sample.Logprob;
                if (json)
                    WriteLine(writer, output, problems[position].Problem.Id, sample.Index, logprob, logprobs);
            }
        }
        if (!json)
            PrintSummary(totals);
    }

    private static void CheckTokenizer(string path, PreparedProblem problem, LoadedModel model)
    {
        // Special tokens may stand in the stored text (a chat template writes them), so either way of encoding may be the right one.
        bool Encodes(bool special) => model.Tokenizer.Encode(problem.PromptText, special).AsSpan().SequenceEqual(problem.PromptTokens);
        if (!Encodes(true) && !Encodes(false))
        {
            throw new InputException(
                $"{path}: the tokenizer of {model.Folder} encodes the prompt of '{problem.Problem.Id}' differently, so token log-likelihoods " +
                "would not be comparable.");
        }
    }

    private static IEnumerable<(int Problem, List<StoredSample> Samples)> ByProblem(IEnumerable<StoredSample> samples)
    {
        List<StoredSample> group = [];
        foreach (var sample in samples)
        {
            if (group.Count > 0 && group[0].Problem != sample.Problem)
            {
                yield return (group[0].Problem, group);
                group = [];
            }
            group.Add(sample);
        }
        if (group.Count > 0)
            yield return (group[0].Problem, group);
    }

    private static Dictionary<int, float[]> Score(
        SamplingEngine engine, PreparedProblem problem, List<StoredSample> samples, CancellationToken cancellation)
    {
        var request = new SampleRequest
        {
            ProblemId = problem.Problem.Id,
            Prompt = problem.PromptTokens,
            Parameters = new SamplingParameters(),
            Seed = 0,
            MaxTokens = samples.Max(sample => sample.Tokens.Length),
            Samples = [.. samples.Select(sample => sample.Index)],
            Given = samples.ToDictionary(sample => sample.Index, sample => sample.Tokens),
        };
        var scored = new Dictionary<int, float[]>();
        engine.Run([request], completion => scored[completion.Sample] = completion.Logprobs, cancellation);
        return scored;
    }

    private static void WriteLine(Utf8JsonWriter writer, Stream output, string problem, int index, double logprob, float[] logprobs)
    {
        writer.WriteStartObject();
        writer.WriteString("problem", problem);
        writer.WriteNumber("index", index);
        WriteFinite(writer, "logprob", logprob);
        writer.WriteStartArray("logprobs");
        foreach (var value in logprobs)
        {
            if (float.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        output.WriteByte((byte)'\n');
        writer.Reset();
    }

    /// <summary>JSON has no infinity: null stands for a token that the model gives no probability.</summary>
    private static void WriteFinite(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    private static void PrintSummary(Totals totals)
    {
        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{totals.Samples} samples, {totals.Tokens} tokens"));
        Terminal.Out.WriteLine(Line("under this model", totals.Scored, totals.Tokens));
        Terminal.Out.WriteLine(Line("under the run's own", totals.Drawn, totals.Tokens));
    }

    private static string Line(string name, double logprob, long tokens) => string.Create(
        CultureInfo.InvariantCulture, $"{name,-20} log-likelihood per token {logprob / tokens:0.0000}, perplexity {Math.Exp(-logprob / tokens):0.0000}");
}
