using System.Text.RegularExpressions;

namespace PassAtK.Evaluation.Tests.Reports;

/// <summary>A table's text without the limits of intervals, which other tests hold, and without the spaces that line them up.</summary>
internal static partial class WithoutLimits
{
    public static string Of(string table) => Spaces().Replace(Limits().Replace(table, "[]"), " ");

    [GeneratedRegex(@"\[ *[+-]?[0-9.]+, *[+-]?[0-9.]+\]")]
    private static partial Regex Limits();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
