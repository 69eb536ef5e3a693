using System.Text.Json;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// Every sample's score as a JSON line, ordered by problem and index: `{"problem","index","logprob","logprobs"}`, one of logprobs for each
/// token. JSON has no infinity: null stands for a token, or a sample, that the model gives no probability. Equal scores give equal bytes.
/// </summary>
public static class ScoreLines
{
    /// <param name="reader">The run.</param>
    /// <param name="scorer">Whose scores.</param>
    /// <param name="output">Written to line by line and flushed; stays open.</param>
    /// <param name="cancellation">Ends after a line.</param>
    public static void Write(RunReader reader, Scorer scorer, Stream output, CancellationToken cancellation = default)
    {
        using var snapshot = reader.Snapshot();
        string[] ids = [.. reader.Problems().Select(problem => problem.Problem.Id)];
        using var json = new Utf8JsonWriter(output);
        foreach (var score in reader.Scores(scorer))
        {
            cancellation.ThrowIfCancellationRequested();
            WriteScore(json, ids[score.Problem], score);
            json.Flush();
            output.WriteByte((byte)'\n');
            json.Reset();
        }
        output.Flush();
    }

    private static void WriteScore(Utf8JsonWriter json, string problem, StoredScore score)
    {
        json.WriteStartObject();
        json.WriteString("problem", problem);
        json.WriteNumber("index", score.Index);
        json.WritePropertyName("logprob");
        if (double.IsFinite(score.Logprob))
            json.WriteNumberValue(score.Logprob);
        else
            json.WriteNullValue();
        json.WriteStartArray("logprobs");
        foreach (var value in score.Logprobs)
        {
            if (float.IsFinite(value))
                json.WriteNumberValue(value);
            else
                json.WriteNullValue();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
