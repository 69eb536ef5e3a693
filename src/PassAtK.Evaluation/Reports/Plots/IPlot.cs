namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>A drawing that can be made at any size.</summary>
public interface IPlot
{
    /// <summary>What the drawing takes of a size: a few rows need less height than a curve.</summary>
    PlotSize Fit(PlotSize size) => size;

    /// <returns>One SVG element, complete without style sheet or script; its classes let a page give it other colours.</returns>
    string Render(PlotSize size);
}
