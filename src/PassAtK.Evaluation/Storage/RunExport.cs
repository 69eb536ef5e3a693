using System.Text.Encodings.Web;
using System.Text.Json;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// Every sample as a JSON line, ordered by problem and index: `{"problem","index","tokens","text","finish","logprob","correct",
/// "extracted"}`. Doubles are written so that reading them gives the same bits; equal runs give equal bytes. `correct` is null where there is
/// no verdict, `extracted` also where the grader found no answer.
/// </summary>
public static class RunExport
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="reader">The run.</param>
    /// <param name="grader">Whose verdicts; null for none.</param>
    /// <param name="output">Written to line by line and flushed; stays open.</param>
    /// <param name="problem">The only problem to export; null for all.</param>
    /// <param name="cancellation">Ends after a line.</param>
    /// <exception cref="InputException">The run has no such problem.</exception>
    public static void Write(
        RunReader reader, (string Name, int Version)? grader, Stream output, string? problem = null, CancellationToken cancellation = default)
    {
        using var snapshot = reader.Snapshot();
        var ids = Ids(reader);
        using var json = new Utf8JsonWriter(output, Readable);
        foreach (var sample in reader.Samples(grader, Position(reader, ids, problem)))
        {
            cancellation.ThrowIfCancellationRequested();
            WriteSample(json, ids[sample.Problem], sample);
            json.Flush();
            output.WriteByte((byte)'\n');
            json.Reset();
        }
        output.Flush();
    }

    /// <summary>Ids of the problems by position.</summary>
    internal static string[] Ids(RunReader reader) => [.. reader.Problems().Select(problem => problem.Problem.Id)];

    /// <summary>The position of the problem with an id; null for null.</summary>
    internal static int? Position(RunReader reader, string[] ids, string? problem) => problem is null
        ? null
        : Array.IndexOf(ids, problem) is var position and >= 0
            ? position
            : throw new InputException($"{reader.Path}: there is no problem '{problem}', expected an id such as '{ids.FirstOrDefault()}'.");

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
        json.WriteString("extracted", sample.Extracted);
        json.WriteEndObject();
    }
}
