using System.Text.RegularExpressions;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>Names of functions in ASCII, as far as tests use them.</summary>
internal static partial class PythonName
{
    public static bool IsValid(string? name) => name is not null && Name().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
