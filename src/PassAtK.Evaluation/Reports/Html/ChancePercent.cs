using System.Globalization;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>Chances of single guesses, all with as many decimals: enough for one digit of the least one, within reason.</summary>
internal sealed class ChancePercent
{
    private const int FewestDecimals = 1;
    private const int MostDecimals = 4;

    private readonly string _format;
    private readonly double _least;

    /// <param name="chances">Those of a page, as fractions; null where a problem has none.</param>
    public ChancePercent(IEnumerable<double?> chances)
    {
        var least = chances.Where(chance => chance > 0).Min() ?? 1;
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(100 * least)), FewestDecimals, MostDecimals);
        _format = "0." + new string('0', decimals);
        _least = Math.Pow(10, -decimals);
    }

    /// <summary>"0.25%"; "&lt;0.0001%" for what would read as zero and is not.</summary>
    public string Text(double chance) => chance > 0 && 100 * chance < _least / 2
        ? $"<{Written(_least)}"
        : Written(100 * chance);

    private string Written(double percent) => percent.ToString(_format, CultureInfo.InvariantCulture) + "%";
}
