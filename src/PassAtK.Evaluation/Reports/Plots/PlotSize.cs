namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>
/// Width and height of a drawing in its own units, one of which is a pixel where the drawing is shown at its natural size. Text is 13 units
/// high in every size, so a narrow drawing stays legible where a wide one would be shrunk.
/// </summary>
public readonly record struct PlotSize(int Width, int Height)
{
    /// <summary>For export.</summary>
    public static PlotSize Wide { get; } = new(720, 400);

    /// <summary>For one of two columns on a desktop page.</summary>
    public static PlotSize Column { get; } = new(528, 360);

    /// <summary>For a phone held upright.</summary>
    public static PlotSize Narrow { get; } = new(360, 310);
}
