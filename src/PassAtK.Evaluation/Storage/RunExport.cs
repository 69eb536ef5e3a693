using System.Text.Encodings.Web;
using System.Text.Json;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// Every sample as a JSON line, ordered by problem and index: `{"problem","index","tokens","text","finish","logprob","correct"}`. Doubles
/// are written so that reading them gives the same bits; equal runs give equal bytes. `correct` is null where there is no verdict.
/// </summary>
public static class RunExport
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="reader">The run.</param>
    /// <param name="grader">Whose verdicts; null for none.</param>
    /// <param name="output">Written to line by line and flushed; stays open.</param>
    /// <param name="problem">The id of the only problem to write; null for all.</param>
    /// <param name="cancellation">Ends after a line.</param>
    /// <exception cref="InputException">The run has no such problem.</exception>
    public static void Write(
        RunReader reader, (string Name, int Version)? grader, Stream output, string? problem = null, CancellationToken cancellation = default)
    {
        using var snapshot = reader.Snapshot();
        string[] ids = [.. reader.Problems().Select(problem => problem.Problem.Id)];
        if (problem is not null && !ids.Contains(problem))
            throw new InputException($"{reader.Path}: the run has no problem '{problem}'.");
        using var json = new Utf8JsonWriter(output, Readable);
        foreach (var sample in reader.Samples(grader, problem is null ? null : Array.IndexOf(ids, problem)))
        {
            cancellation.ThrowIfCancellationRequested();
            WriteSample(json, ids[sample.Problem], sample);
            json.Flush();
            output.WriteByte((byte)'\n');
            json.Reset();
        }
        output.Flush();
    }

    private static void WriteSample(Utf8JsonWriter json, string problem, StoredSample sample)
    {
        json.WriteStartObject();
        json.WriteString("problem", problem);
        json.WriteNumber("index", sample.Index);
        json.WriteStartArray("tokens");
        foreach (var token in sample.Tokens)
            json.WriteNumberValue(token);
        json.WriteEndArray();
        json.WriteString("text", sample.Text);
        json.WriteString("finish", sample.Finish);
        if (double.IsFinite(sample.Logprob))
            json.WriteNumber("logprob", sample.Logprob);
        else
            json.WriteNull("logprob");
        if (sample.Correct is { } correct)
            json.WriteBoolean("correct", correct);
        else
            json.WriteNull("correct");
        json.WriteEndObject();
    }
}
