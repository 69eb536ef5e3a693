using System.Security.Cryptography;
using System.Text;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>The page's style sheet and script, embedded in the program, and the policy that lets nothing else run.</summary>
internal static class PageResource
{
    public static string Style { get; } = Read("page.css");

    public static string Script { get; } = Read("page.js");

    /// <summary>
    /// Content Security Policy Level 3: nothing is loaded from anywhere, and only this very style sheet and script, known by their hashes,
    /// take effect. Whatever of a model's text should slip through as markup stays dead.
    /// </summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    private static string Hash(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static string Read(string name)
    {
        using var stream = typeof(PageResource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program lacks its resource {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
