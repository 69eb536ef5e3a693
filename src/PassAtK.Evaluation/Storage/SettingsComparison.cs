using System.Globalization;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Evaluation.Storage;

/// <summary>Refuses to go on with a run under settings that would make other samples.</summary>
internal static class SettingsComparison
{
    /// <exception cref="InputException">A setting differs; the message names it with both values.</exception>
    public static void RequireSame(string path, RunSettings stored, RunSettings given)
    {
        if (stored.ModelFingerprint != given.ModelFingerprint)
        {
            // Folders tell people which models are meant; files may have changed within one.
            Require(
                path, "model", $"{stored.ModelPath} (fingerprint {stored.ModelFingerprint})", $"{given.ModelPath} (fingerprint {given.ModelFingerprint})");
        }
        Require(path, "task", stored.TaskName, given.TaskName);
        Require(path, "template mode", stored.TemplateMode, given.TemplateMode);
        Require(path, "template fingerprint", stored.TemplateFingerprint, given.TemplateFingerprint);
        Require(path, "temperature", Shown(stored.Sampling.Temperature), Shown(given.Sampling.Temperature));
        Require(path, "top-p", Shown(stored.Sampling.TopP), Shown(given.Sampling.TopP));
        Require(path, "top-k", Shown(stored.Sampling.TopK), Shown(given.Sampling.TopK));
        Require(path, "min-p", Shown(stored.Sampling.MinP), Shown(given.Sampling.MinP));
        Require(path, "max-tokens", Shown(stored.MaxTokens), Shown(given.MaxTokens));
        Require(path, "stop", Shown(stored.Stop), Shown(given.Stop));
        Require(path, "seed", Shown(stored.Seed), Shown(given.Seed));
        Require(
            path, "adaptive", Shown(stored.Adaptive), Shown(given.Adaptive),
            "The samples of an adaptive run are allotted by its pilot, so it grows by a smaller --target-width or a larger --samples alone.");
        Require(
            path, "backend", stored.Backend, given.Backend,
            "Other kernels give other bits, and so other samples: go on with the device (--backend cpu or cuda), the program and the libraries "
            + "of the run, or start another file.");
    }

    private static void Require(string path, string setting, string stored, string given, string advice = "")
    {
        if (!string.Equals(stored, given, StringComparison.Ordinal))
            throw new InputException(
                $"{path}: {setting} is {Named(given)}, but the run was made with {Named(stored)}, "
                + "expected the same or another file for another run."
                + (advice.Length > 0 ? $" {advice}" : ""));
    }

    private static string Named(string value) => value.Length > 0 ? value : "none";

    // What decides which samples count; how far the run goes may change.
    private static string Shown(AdaptiveDesign? design) => design is null ? "" : $"pass@{Shown(design.K)} with a pilot of {Shown(design.Pilot)}";

    private static string Shown(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Shown(IReadOnlyList<string> texts) =>
        string.Join(", ", texts.Select(text => $"'{text.Replace("\n", "\\n", StringComparison.Ordinal)}'"));
}
