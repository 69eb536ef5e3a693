namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>A column of a figure's numbers.</summary>
/// <param name="Name">What it holds.</param>
/// <param name="Shown">What a page calls a hundredth of its values, which are fractions: "%" or "points"; null where they are none.</param>
public sealed record FigureColumn(string Name, string? Shown = null)
{
    internal const string Percent = "%";
    internal const string Points = "points";

    /// <summary>The name with the unit of the values as they are: what a file of them says.</summary>
    public string CsvName => Shown is null ? Name : Name + "_fraction";

    /// <summary>The name with the unit of the values as a page shows them.</summary>
    public string PageName => Shown is null ? Name : $"{Name}, {Shown}";
}
