using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PassAtK.Engine;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>What a problem of programming is judged by: a problem's gold is this as a JSON object.</summary>
/// <param name="Prompt">The code that the model goes on from; empty where the problem is told in words.</param>
/// <param name="Setup">Code that runs before the tests.</param>
/// <param name="Test">The tests. Where they define `check` and there is an entry point, `check(entry point)` is called after them.</param>
/// <param name="EntryPoint">The function under test; null where the tests name what they call.</param>
internal sealed record CodeGold(string Prompt, string Setup, string Test, string? EntryPoint)
{
    private const string Expected = "an object with the texts prompt, setup, test and entry_point";

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("prompt", Prompt);
            json.WriteString("setup", Setup);
            json.WriteString("test", Test);
            json.WriteString("entry_point", EntryPoint);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <exception cref="InputException">The gold is not of this form.</exception>
    public static CodeGold Of(Problem problem)
    {
        try
        {
            using var document = JsonDocument.Parse(problem.Gold);
            var fields = document.RootElement;
            return new CodeGold(
                fields.GetProperty("prompt").GetString()!, fields.GetProperty("setup").GetString()!, fields.GetProperty("test").GetString()!,
                fields.GetProperty("entry_point").GetString());
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"problem '{problem.Id}': the gold is none that the code grader reads, expected {Expected}.", cause);
        }
    }
}
