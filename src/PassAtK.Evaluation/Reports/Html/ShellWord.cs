namespace PassAtK.Evaluation.Reports.Html;

/// <summary>A text as one word of a command line.</summary>
internal static class ShellWord
{
    /// <summary>Plain where that is safe, else in single quotes (POSIX shell, 2.2.2).</summary>
    public static string Quoted(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:+@%".Contains(letter, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
