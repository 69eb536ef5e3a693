namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>The parameters that maximise a likelihood.</summary>
/// <param name="Parameters">Where it is largest.</param>
/// <param name="InverseHessian">[parameters, parameters]: how it curves there, zeros where that is not known.</param>
/// <param name="Loss">Minus the log likelihood.</param>
internal sealed record Optimum(double[] Parameters, double[] InverseHessian, double Loss)
{
    /// <summary>Likelihood differences this small, in units of a problem, change nothing that is reported.</summary>
    public const double Precise = 1e-9;

    /// <summary>Enough for one of many resamples.</summary>
    public const double Rough = 1e-6;

    /// <summary>A place to begin at.</summary>
    public static Optimum At(double[] start) => new(start, new double[start.Length * start.Length], double.NaN);

    /// <summary>The best of what is found from several starts; of equal ones the first.</summary>
    /// <param name="starts">Where to begin.</param>
    /// <param name="loss">Minus the log likelihood, and its gradient.</param>
    /// <param name="precision">A search ends where a step promises less than this.</param>
    public static Optimum Best(Optimum[] starts, QuasiNewton.Function loss, double precision) =>
        starts.Select(start => start.Next(loss, precision)).MinBy(optimum => optimum.Loss)!;

    private Optimum Next(QuasiNewton.Function loss, double precision)
    {
        double[] parameters = [.. Parameters], inverse = [.. InverseHessian];
        return new Optimum(parameters, inverse, QuasiNewton.Minimise(loss, parameters, inverse, precision));
    }
}
