namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>The parameters that maximise a likelihood.</summary>
/// <param name="Parameters">Where it is largest.</param>
/// <param name="InverseHessian">[parameters, parameters]: how it curves there, zeros where that is not known.</param>
/// <param name="Loss">Minus the log likelihood.</param>
internal sealed record Optimum(double[] Parameters, double[] InverseHessian, double Loss)
{
    // Likelihood differences this small, in units of a problem, change nothing that is reported.
    private const double Precision = 1e-9;

    /// <summary>A place to begin at.</summary>
    public static Optimum At(double[] start) => new(start, new double[start.Length * start.Length], double.NaN);

    /// <summary>The best of what is found from several starts; of equal ones the first.</summary>
    /// <param name="starts">Where to begin.</param>
    /// <param name="loss">Minus the log likelihood, and its gradient.</param>
    /// <param name="problems">How many problems it is of.</param>
    public static Optimum Best(Optimum[] starts, QuasiNewton.Function loss, double problems) =>
        starts.Select(start => start.Next(loss, problems * Precision)).MinBy(optimum => optimum.Loss)!;

    private Optimum Next(QuasiNewton.Function loss, double precision)
    {
        double[] parameters = [.. Parameters], inverse = [.. InverseHessian];
        return new Optimum(parameters, inverse, QuasiNewton.Minimise(loss, parameters, inverse, precision));
    }
}
