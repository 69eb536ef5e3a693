using System.Text.Json.Serialization;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Reports;

/// <summary>What one run says, ready for JSON, a table or a chart. Shares are fractions; null stands for what cannot be said.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Problems">How many problems.</param>
/// <param name="Samples">Samples of each problem; where they differ the smallest number, which is the largest k.</param>
/// <param name="SamplesMost">The largest number of samples of any problem.</param>
/// <param name="SamplesTotal">Samples of all problems together.</param>
/// <param name="PassAtK">Estimates and intervals over the ladder of k.</param>
/// <param name="MajAtK">How likely the majority of k samples is correct; null where answers are no values to vote over.</param>
/// <param name="Chance">What blind guessing reaches over the same problems and k.</param>
/// <param name="ChanceGap">Why there is no chance line though some problems carry a chance; null where all or none do.</param>
/// <param name="AboveChance">pass@k less chance, and where chance catches up.</param>
/// <param name="ChanceSolved">How many problems chance alone would solve with as many tries.</param>
/// <param name="Sharing">What sampling cost.</param>
/// <param name="Entropy">Of the distribution that was sampled from; null where the samples came from elsewhere.</param>
/// <param name="Finish">The truncation audit.</param>
/// <param name="Interval">How the intervals were drawn.</param>
public sealed record RunReport(
    string Name,
    int Problems,
    int Samples,
    int SamplesMost,
    long SamplesTotal,
    IReadOnlyList<CurvePoint> PassAtK,
    IReadOnlyList<CurvePoint>? MajAtK,
    IReadOnlyList<ChancePoint>? Chance,
    ChanceGap? ChanceGap,
    AboveChanceReport? AboveChance,
    ChanceSolved? ChanceSolved,
    SharingReport? Sharing,
    SamplingEntropy? Entropy,
    FinishReport? Finish,
    IntervalReport Interval)
{
    /// <summary>What of an unfinished run does not count; absent where nothing is left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeftOut? LeftOut { get; init; }

    /// <summary>pass@k beyond the samples, extrapolated; absent unless asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CurvePoint>? Forecast { get; init; }

    /// <summary>What the forecast was made with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ForecastModelReport? ForecastModel { get; init; }

    /// <summary>What an adaptive run reached and cost; absent of others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AdaptiveReport? Adaptive { get; init; }

    /// <summary>The forecast against the samples that were kept from it; absent where it saw all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BackTestPoint>? BackTest { get; init; }

    /// <summary>Standard errors of pass@k by source, aligned with <see cref="PassAtK"/>.</summary>
    public IReadOnlyList<StandardError> StandardErrors { get; init; } = [];

    /// <summary>What else the samples say.</summary>
    public MeasuresReport? Measures { get; init; }

    /// <param name="run">What was sampled and graded.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <param name="ks">At which k, the doubling ladder where null.</param>
    /// <param name="forecastTo">The k up to which pass@k is forecast; null for no forecast.</param>
    /// <exception cref="InputException">No problems, an id that comes twice, contradicting counts, a bad setting, a k that some problem
    /// has too few samples for, or counts that allow no forecast.</exception>
    public static RunReport Of(
        RunOutcome run, BootstrapSettings? settings = null, IReadOnlyList<int>? ks = null, int? forecastTo = null)
    {
        settings ??= BootstrapSettings.Default;
        var curve = PassAtKCurve.Of(run.Problems, settings, ks);
        int[] ladder = [.. curve.Points.Select(point => point.K)];
        var chances = ProblemChances.Of(run.Problems.Select(problem => problem.Id), run.Chance);
        var guessed = chances.ById is null ? null : run.Problems.Select(problem => (problem, chances.ById[problem.Id])).ToArray();
        var forecast = forecastTo is { } largestK ? PassAtKForecast.Of(run.Problems, largestK, settings) : null;
        return new RunReport(
            run.Name, curve.Problems, curve.FewestSamples, curve.MostSamples, curve.TotalSamples, curve.Points,
            run.AnswersOf(run.Problems) is { } answers ? MajorityCurve.Of(answers, ladder, settings) : null,
            ChancePoint.Curve(chances, ladder),
            chances.Gap,
            guessed is null ? null : AboveChanceReport.Of(Estimation.AboveChance.Of(guessed, curve.FewestSamples, settings, ks)),
            guessed is null ? null : Estimation.ChanceSolved.Of(guessed, settings.Confidence),
            SharingReport.Of(run.Sharing),
            run.Surprisal is null ? null : SamplingEntropy.Of(run.Surprisal, settings),
            FinishReport.Of(run.Finish, run.Problems),
            IntervalReport.Of(settings))
        {
            LeftOut = run.LeftOut,
            Adaptive = run.Adaptive is null ? null : AdaptiveReport.Of(run.Adaptive, run.Problems),
            Forecast = forecast?.Points,
            ForecastModel = forecast is null ? null : ForecastModelReport.Of(forecast, settings),
            BackTest = forecast is null || run.Whole is null ? null : BackTestPoint.Of(forecast.Points, run.Whole),
            StandardErrors = curve.StandardErrors,
            Measures = MeasuresReport.Of(run, run.Problems, settings, ks),
        };
    }

    /// <summary>The report as one indented JSON document.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, ReportJson.Default.RunReport);
}
