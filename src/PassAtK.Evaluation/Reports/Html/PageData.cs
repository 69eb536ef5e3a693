using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using PassAtK.Evaluation.Reports.Samples;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>
/// What opens behind the rows of the problem table, as one JSON document for a script element. The encoder escapes &lt;, &gt; and &amp;, so
/// no text can end the element. Texts that were shortened are `[start, characters left out, end]`; answers `[text, correct, samples]`;
/// completions `[text, tokens, finish, logprob, answer, indices]`.
/// </summary>
internal static class PageData
{
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.Create(UnicodeRanges.All);

    public static string Write(IReadOnlyList<string> runNames, IReadOnlyList<string?> exports, IReadOnlyList<PageProblem> problems)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = Encoder }))
        {
            json.WriteStartObject();
            json.WriteStartArray("runs");
            for (var run = 0; run < runNames.Count; run++)
            {
                json.WriteStartObject();
                json.WriteString("name", runNames[run]);
                json.WriteString("export", exports[run]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("problems");
            var percent = new ChancePercent(problems.Select(problem => problem.Chance));
            foreach (var problem in problems)
                Write(json, problem, percent);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, PageProblem problem, ChancePercent percent)
    {
        json.WriteStartObject();
        json.WriteString("id", problem.Id);
        Write(json, "question", problem.Question);
        Write(json, "gold", problem.Gold);
        if (problem.Chance is { } chance)
            json.WriteString("chance", percent.Text(chance));
        json.WriteStartArray("runs");
        TextExcerpt? before = null;
        foreach (var run in problem.Runs)
        {
            Write(json, run, before);
            before ??= run.Prompt;
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PageProblemRun run, TextExcerpt? samePrompt)
    {
        json.WriteStartObject();
        if (run.Counts is { } counts)
        {
            json.WriteNumber("n", counts.Samples);
            json.WriteNumber("c", counts.Correct);
        }
        // Most comparisons ask both models the same; the second copy would double the page.
        if (run.Prompt is { } prompt && prompt != samePrompt)
            Write(json, "prompt", prompt);
        if (run.Samples is { } samples)
            Write(json, samples);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProblemSamples samples)
    {
        json.WriteNumber("drawn", samples.Samples);
        json.WriteNumber("hidden", samples.SamplesLeftOut);
        json.WriteNumber("moreAnswers", samples.AnswersLeftOut);
        json.WriteStartArray("answers");
        foreach (var (text, correct, count) in samples.Answers)
        {
            json.WriteStartArray();
            if (text is null)
                json.WriteNullValue();
            else
                WriteValue(json, TextExcerpt.Of(text, 300));
            if (correct is { } verdict)
                json.WriteBooleanValue(verdict);
            else
                json.WriteNullValue();
            json.WriteNumberValue(count);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("samples");
        foreach (var completion in samples.Completions)
        {
            json.WriteStartArray();
            WriteValue(json, completion.Text);
            json.WriteNumberValue(completion.Tokens);
            json.WriteStringValue(completion.Finish);
            if (double.IsFinite(completion.Logprob))
                json.WriteNumberValue(Math.Round(completion.Logprob, 4));
            else
                json.WriteNullValue();
            json.WriteNumberValue(completion.Answer);
            json.WriteStringValue(Ranges(completion.Indices));
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, TextExcerpt? text)
    {
        if (text is not { } excerpt)
            return;
        json.WritePropertyName(name);
        WriteValue(json, excerpt);
    }

    private static void WriteValue(Utf8JsonWriter json, TextExcerpt text)
    {
        if (text.LeftOut == 0)
        {
            json.WriteStringValue(text.Start);
            return;
        }
        json.WriteStartArray();
        json.WriteStringValue(text.Start);
        json.WriteNumberValue(text.LeftOut);
        json.WriteStringValue(text.End);
        json.WriteEndArray();
    }

    /// <summary>"0-3, 7": neighbours run together.</summary>
    internal static string Ranges(IReadOnlyList<int> indices)
    {
        var ranges = new List<string>();
        for (var i = 0; i < indices.Count; i++)
        {
            var first = i;
            while (i + 1 < indices.Count && indices[i + 1] == indices[i] + 1)
                i++;
            ranges.Add(first == i ? Figures.Whole(indices[i]) : $"{Figures.Whole(indices[first])}-{Figures.Whole(indices[i])}");
        }
        return string.Join(", ", ranges);
    }
}
