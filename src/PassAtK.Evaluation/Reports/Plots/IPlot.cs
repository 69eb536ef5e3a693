namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>A drawing that can be made at any size.</summary>
public interface IPlot
{
    /// <returns>One SVG element, complete without style sheet or script; its classes let a page give it other colours.</returns>
    string Render(PlotSize size);
}
