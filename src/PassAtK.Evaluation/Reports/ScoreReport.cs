using System.Globalization;
using System.Text;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>What a model says of a run's samples, ready for JSON or text. Null stands for what cannot be said.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Scorer">Folder of the model that scored.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="Backend">The device it ran on.</param>
/// <param name="Completions">Distinct completions with a stored score; samples that never diverged share one.</param>
/// <param name="All">Of all samples.</param>
/// <param name="Correct">Of those graded as correct; null where there are none.</param>
/// <param name="Wrong">Of those graded as wrong; null where there are none.</param>
/// <param name="Interval">How the intervals were drawn.</param>
public sealed record ScoreReport(
    string Name, string Scorer, string Fingerprint, string Backend, long Completions, ScoredPerplexity All, ScoredPerplexity? Correct,
    ScoredPerplexity? Wrong, IntervalReport Interval)
{
    /// <param name="name">The run's name.</param>
    /// <param name="scorer">The model that scored.</param>
    /// <param name="completions">Distinct completions that it scored.</param>
    /// <param name="problems">Samples with their scores.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <exception cref="InputException">There is no sample, or a setting is outside its range.</exception>
    public static ScoreReport Of(
        string name, Storage.Scorer scorer, long completions, IReadOnlyList<ProblemLikelihoods> problems,
        BootstrapSettings? settings = null)
    {
        settings ??= BootstrapSettings.Default;
        return new ScoreReport(
            name, scorer.Model, scorer.Fingerprint, scorer.Backend, completions,
            ScoredPerplexity.Of(problems, sample => true, settings) ?? throw new InputException($"{name}: no sample is scored."),
            ScoredPerplexity.Of(problems, sample => sample.Correct == true, settings),
            ScoredPerplexity.Of(problems, sample => sample.Correct == false, settings),
            IntervalReport.Of(settings));
    }

    /// <summary>The report as one indented JSON document.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, ReportJson.Default.ScoreReport);

    /// <summary>The report as plain text for a terminal, lines ended by \n.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Name} under {Scorer} ({Backend})\n");
        text.Append(CultureInfo.InvariantCulture, $"{Figures.Plural(Completions, "distinct completion")} scored and stored\n");
        text.Append("perplexity of a token at temperature 1, whatever samples were drawn with\n");
        text.Append(CultureInfo.InvariantCulture, $"{Figures.Intervals(Interval)}\n");
        Append("all", All);
        Append("correct", Correct);
        Append("wrong", Wrong);
        return text.ToString();

        void Append(string which, ScoredPerplexity? samples)
        {
            if (samples is null)
                return;
            var (many, problems) = (Figures.Plural(samples.Samples, "sample"), Figures.Plural(samples.Problems, "problem"));
            text.Append(CultureInfo.InvariantCulture, $"\n{which}: {many} of {problems}, {samples.Tokens} tokens\n");
            text.Append(CultureInfo.InvariantCulture, $"  under this model     {Line(samples.Scorer)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  under the run's own  {Line(samples.Own)}\n");
            if (samples.Ratio is not null)
                text.Append(CultureInfo.InvariantCulture, $"  ratio                {PerplexityText.Interval(samples.Ratio)}\n");
        }

        static string Line(Perplexity perplexity) => PerplexityText.Interval(perplexity.Mean) + PerplexityText.Impossible(perplexity);
    }
}
