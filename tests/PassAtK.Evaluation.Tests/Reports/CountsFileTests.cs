using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Reports;

public class CountsFileTests
{
    [Fact]
    public void Counts_are_read_line_by_line_and_other_fields_are_ignored()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, """{"id": "a", "n": 4, "c": 0}""", "", """{"level": 5, "c": 3, "n": 8, "id": "b/2"}""");
        Assert.Equal([new ProblemCounts("a", 4, 0), new ProblemCounts("b/2", 8, 3)], CountsFile.Read(path));
    }

    [Theory]
    [InlineData("""{"id": "b", "n": 4}""", "field 'c' is missing, expected id, n and c.")]
    [InlineData("""{"n": 4, "c": 1}""", "field 'id' is missing, expected id, n and c.")]
    [InlineData("""{"id": 7, "n": 4, "c": 1}""", "id is 7, expected a text.")]
    [InlineData("""{"id": "b", "n": 0, "c": 0}""", "n is 0, expected at least 1.")]
    [InlineData("""{"id": "b", "n": 4.5, "c": 0}""", "n is 4.5, expected a whole number.")]
    [InlineData("""{"id": "b", "n": "4", "c": 0}""", "n is \"4\", expected a whole number.")]
    [InlineData("""{"id": "b", "n": 4, "c": 5}""", "c is 5, expected 0 to n = 4.")]
    [InlineData("""{"id": "b", "n": 4, "c": -1}""", "c is -1, expected 0 to n = 4.")]
    [InlineData("""{"id": "a", "n": 4, "c": 1}""", "id 'a' was on line 1 already.")]
    [InlineData("""[1, 2]""", "found a JSON array, expected an object with id, n and c.")]
    public void A_bad_line_is_refused_naming_file_line_and_field(string line, string message)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, """{"id": "a", "n": 4, "c": 0}""", line);
        Assert.Equal($"{path}: line 2: {message}", Assert.Throws<InputException>(() => CountsFile.Read(path)).Message);
    }

    [Fact]
    public void A_line_that_is_not_JSON_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "id,n,c");
        Assert.StartsWith(
            $"{path}: line 1: the line is not valid JSON, expected", Assert.Throws<InputException>(() => CountsFile.Read(path)).Message);
    }

    [Fact]
    public void An_empty_or_missing_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "");
        Assert.StartsWith($"{path}: the file has no counts", Assert.Throws<InputException>(() => CountsFile.Read(path)).Message);
        var absent = folder.File("absent.jsonl");
        Assert.StartsWith($"{absent}: the counts cannot be read:", Assert.Throws<InputException>(() => CountsFile.Read(absent)).Message);
    }

    private static string Write(TemporaryFolder folder, params string[] lines)
    {
        var path = folder.File("counts.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }
}
