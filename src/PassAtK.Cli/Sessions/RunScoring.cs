using PassAtK.Cli.Rendering;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>Scores the samples of a run under another model, stores the scores with the run, and tells what they say.</summary>
internal static class RunScoring
{
    /// <summary>Scores what the model has not scored yet.</summary>
    /// <returns>The model as the run knows it; null when it was cancelled.</returns>
    /// <exception cref="InputException">The model does not fit the run, or the run cannot be written.</exception>
    /// <exception cref="NoDeviceException">The device is not usable.</exception>
    public static Scorer? Execute(string path, LoadedModel model, bool quiet, CancellationToken cancellation)
    {
        using var reader = RunReader.Open(path);
        PreparedProblem[] problems = [.. reader.Problems()];
        if (reader.SampleCount() == 0)
            throw new InputException($"{path}: the run has no samples yet.");
        TokenMeaning.CheckPrompts(path, problems, model);

        var longest = (long)problems.Max(problem => problem.PromptTokens.Length) + reader.Settings().MaxTokens;
        var engine = model.CreateEngine(longest);
        var scorer = new Scorer(model.Checkpoint.Fingerprint(cancellation), model.BackendName, model.Folder);
        // Everything that can be refused is refused before anything is stored.
        TokenMeaning.CheckSamples(reader, problems, scorer, model, cancellation);

        using var store = RunStore.OpenExisting(path);
        var (before, all) = (reader.ScoredCount(scorer), reader.CompletionCount());
        try
        {
            SamplingProgress.Run($"score {Path.GetFileNameWithoutExtension(path)}", quiet, progress =>
            {
                var scoring = new Scoring
                {
                    Store = store,
                    Scorer = scorer,
                    Progress = scored => progress.Report(before + scored, all, engine.Statistics),
                };
                scoring.Run(new EngineSampling(engine), cancellation);
            });
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        return scorer;
    }

    /// <summary>Perplexities of the samples under the scorer and under their own model.</summary>
    /// <param name="path">The run.</param>
    /// <param name="scorer">Whose scores.</param>
    /// <param name="grader">Whose verdicts divide correct and wrong samples; null for the run's own, or none.</param>
    public static ScoreReport Report(string path, Scorer scorer, string? grader)
    {
        using var reader = RunReader.Open(path);
        using var snapshot = reader.Snapshot();
        string[] ids = [.. reader.Problems().Select(problem => problem.Problem.Id)];
        var judge = RunFiles.GraderOf(reader, grader);
        var first = reader.Settings().FirstCounted;
        var unfinished = 0;
        var problems = new List<ProblemLikelihoods>();
        foreach (var problem in reader.Outcomes(judge, scorer))
        {
            if (problem.HasGap)
                unfinished++;
            else if (LikelihoodsOf(ids[problem.Problem], problem.Samples.Where(sample => sample.Index >= first)) is { } likelihoods)
                problems.Add(likelihoods);
        }
        if (unfinished > 0)
            StoredOutcome.NoteUnfinished(path, unfinished, Terminal.Note);
        return problems.Count > 0
            ? ScoreReport.Of(Path.GetFileNameWithoutExtension(path), scorer, reader.ScoredCount(scorer), problems)
            : throw new InputException($"{path}: no problem has all its samples yet; every score is stored all the same.");
    }

    /// <summary>Of a problem's samples; null where none has a token, for nothing per token can be said of those.</summary>
    public static ProblemLikelihoods? LikelihoodsOf(string id, IEnumerable<SampleOutcome> samples)
    {
        SampleLikelihood[] likelihoods = [.. samples
            .Where(sample => sample.Tokens.Length > 0)
            .Select(sample => new SampleLikelihood(sample.Tokens.Length, sample.Correct, sample.Logprob, sample.Scored))];
        return likelihoods.Length == 0 ? null : new ProblemLikelihoods(id, likelihoods);
    }
}
