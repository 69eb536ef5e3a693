using System.Text.Json;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// Counts from any other tool, one problem a line: <c>{"id": "gsm8k/7", "n": 256, "c": 31}</c>, n at least 1, c from 0 to n, each id
/// once. Empty lines and further fields are ignored.
/// </summary>
public static class CountsFile
{
    private const string Example = "{\"id\": \"1\", \"n\": 256, \"c\": 31}";

    /// <exception cref="InputException">The file cannot be read, or a line, which is then named, is not as described.</exception>
    public static IReadOnlyList<ProblemCounts> Read(string path)
    {
        try
        {
            return Parse(path, File.ReadLines(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the counts cannot be read: {failure.Message}", failure);
        }
    }

    private static List<ProblemCounts> Parse(string path, IEnumerable<string> lines)
    {
        var problems = new List<ProblemCounts>();
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var problem = ParseLine($"{path}: line {number}", line);
            if (!lineOf.TryAdd(problem.Id, number))
                throw new InputException($"{path}: line {number}: id '{problem.Id}' was on line {lineOf[problem.Id]} already.");
            problems.Add(problem);
        }
        if (problems.Count == 0)
            throw new InputException($"{path}: the file has no counts, expected lines like {Example}.");
        return problems;
    }

    private static ProblemCounts ParseLine(string place, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new InputException($"{place}: found a JSON {Kind(root)}, expected an object with id, n and c.");
            var id = Field(place, root, "id");
            if (id.ValueKind != JsonValueKind.String)
                throw new InputException($"{place}: id is {id.GetRawText()}, expected a text.");
            var samples = Count(place, root, "n");
            var correct = Count(place, root, "c");
            if (samples < 1)
                throw new InputException($"{place}: n is {samples}, expected at least 1.");
            if (correct < 0 || correct > samples)
                throw new InputException($"{place}: c is {correct}, expected 0 to n = {samples}.");
            return new ProblemCounts(id.GetString()!, samples, correct);
        }
        catch (JsonException failure)
        {
            throw new InputException($"{place}: the line is not valid JSON, expected a run or lines like {Example}.", failure);
        }
    }

    private static JsonElement Field(string place, JsonElement root, string name) => root.TryGetProperty(name, out var value)
        ? value
        : throw new InputException($"{place}: field '{name}' is missing, expected id, n and c.");

    private static int Count(string place, JsonElement root, string name)
    {
        var value = Field(place, root, name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count)
            ? count
            : throw new InputException($"{place}: {name} is {value.GetRawText()}, expected a whole number.");
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.Null => "null",
        _ => "truth value",
    };
}
