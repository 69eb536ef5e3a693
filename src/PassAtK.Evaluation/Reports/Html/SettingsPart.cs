using System.Globalization;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>What the runs were made with, side by side; settings that differ are marked.</summary>
internal static class SettingsPart
{
    private static readonly (string Name, Func<RunSettings, string> Value)[] Settings =
    [
        ("model", settings => settings.ModelPath),
        ("model fingerprint", settings => settings.ModelFingerprint),
        ("task", settings => settings.TaskSpec),
        ("task digest", settings => settings.TaskDigest),
        ("prompts", settings => settings.TemplateMode),
        ("template fingerprint", settings => settings.TemplateFingerprint is { Length: > 0 } print ? print : "none"),
        ("temperature", settings => Number(settings.Sampling.Temperature)),
        ("top-p", settings => Number(settings.Sampling.TopP)),
        ("top-k", settings => settings.Sampling.TopK == 0 ? "off" : Number(settings.Sampling.TopK)),
        ("min-p", settings => settings.Sampling.MinP == 0 ? "off" : Number(settings.Sampling.MinP)),
        ("most tokens", settings => Number(settings.MaxTokens)),
        ("stop texts", settings => settings.Stop.Count == 0
            ? "none"
            : string.Join("  ", settings.Stop.Select(stop => $"\u201C{stop.Replace("\n", "\\n", StringComparison.Ordinal)}\u201D"))),
        ("seed", settings => settings.Seed.ToString(CultureInfo.InvariantCulture)),
        ("backend", settings => settings.Backend),
        ("made by version", settings => settings.ProductVersion),
    ];

    public static Markup Render(IReadOnlyList<(string Name, ReportedRun Run)> runs, IntervalReport interval)
    {
        // The model is what a comparison varies.
        Markup Of((string Name, Func<RunSettings, string> Value) setting) => Row(
            setting.Name, runs, run => run.Settings is { } settings ? setting.Value(settings) : null,
            marks: !setting.Name.StartsWith("model", StringComparison.Ordinal));
        return Markup.Of(
            $"""
            <section class="settings" aria-labelledby="settings-title">
            <h2 id="settings-title">Settings and fingerprints</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="settings-title">
            <table><thead><tr><th scope="col">setting</th>{Markup.Join(runs, run => Markup.Of($"<th scope=\"col\">{run.Name}</th>"))}</tr></thead>
            <tbody>
            {Row("file", runs, run => run.Path, marks: false)}{Row("graded by", runs, Grader, marks: true)}{Markup.Join(Settings, Of)}</tbody></table>
            </div>
            <p class="note">Intervals: {Figures.Confidence(interval)}, {interval.Method}, {interval.Resamples} resamples, seed {interval.Seed.ToString(CultureInfo.InvariantCulture)}.</p>
            </section>

            """);
    }

    private static Markup Row(
        string name, IReadOnlyList<(string Name, ReportedRun Run)> runs, Func<ReportedRun, string?> value, bool marks)
    {
        var values = runs.Select(run => value(run.Run)).ToArray();
        if (values.All(one => one is null))
            return Markup.Empty;
        var differs = marks && values.Distinct().Count() > 1;
        return Markup.Of(
            $"""
            <tr{(differs ? " class=differs" : "")}><th scope="row">{name}{(differs ? " (differs)" : "")}</th>{Markup.Join(values, one => Markup.Of($"<td><code>{one ?? "–"}</code></td>"))}</tr>

            """);
    }

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Grader(ReportedRun run) => run.Grader is var (name, version)
        ? string.Create(CultureInfo.InvariantCulture, $"{name}, version {version}")
        : "counts from elsewhere";
}
