using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation.Allocation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Cli.Sessions;

/// <summary>Everything that `passatk run` is told.</summary>
internal sealed record EvaluationRequest
{
    public required string Model { get; init; }

    public required string Template { get; init; }

    public required string Task { get; init; }

    /// <summary>Samples of each problem.</summary>
    public required int Samples { get; init; }

    /// <summary>How samples are allotted to problems; null where each gets as many.</summary>
    public AdaptiveDesign? Adaptive { get; init; }

    /// <summary>The run's file.</summary>
    public required string Out { get; init; }

    /// <summary>The first so many problems; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Null for the task's own.</summary>
    public string? Grader { get; init; }

    public required SamplingSettings Sampling { get; init; }

    public required BackendSettings Backend { get; init; }

    /// <summary>What the progress is called.</summary>
    public required string Title { get; init; }

    public bool Quiet { get; init; }
}

/// <summary>Samples and grades a model on a task into a run's file: a new one, or what an existing one lacks.</summary>
internal static class EvaluationRun
{
    /// <returns>False when it was cancelled; what was drawn is stored.</returns>
    /// <exception cref="InputException">Something that was given is wrong, or the run cannot be written.</exception>
    /// <exception cref="UsageException">There is no such task or grader.</exception>
    /// <exception cref="NoDeviceException">The device is not usable.</exception>
    public static bool Execute(EvaluationRequest request, CancellationToken cancellation)
    {
        var task = OptionValues.Checked(() => TaskSpec.Parse(request.Task));
        var problems = task.Load(request.Limit ?? int.MaxValue);
        var name = request.Grader ?? task.DefaultGrader ?? throw new UsageException(
            $"--grader is missing: task '{request.Task}' has none of its own, expected one of {string.Join(", ", Graders.Names)}.");
        using var grader = OptionValues.Checked(() => Graders.Get(name));
        Graders.RequireFit(name, task.DefaultGrader);

        using var model = LoadedModel.Open(request.Model, request.Template, request.Backend);
        PreparedProblem[] prepared = [.. problems.Select(problem => model.Prompts.Prepare(task, problem))];
        // Everything that can be refused is refused before a store is made that would remember it.
        foreach (var problem in prepared)
        {
            model.CheckPrompt(problem.Problem.Id, problem.PromptTokens);
            // A gold that the grader cannot read would fail every sample of its problem, and only after they are drawn.
            grader.Check(problem.Problem);
        }
        if (prepared.Count(problem => model.Prompts.LosesCharacters(problem.PromptText)) is var lossy and > 0)
            Terminal.Note(
                $"{lossy} of {prepared.Length} prompts hold characters that the model's vocabulary lacks; its tokenizer drops them.");
        var maxTokens = request.Sampling.MaxTokens ?? task.DefaultMaxTokens;
        var longest = (long)prepared.Max(problem => problem.PromptTokens.Length) + maxTokens;
        var engine = model.CreateEngine(longest);
        if (!request.Quiet)
            Terminal.Note($"{request.Title}: {model.MemoryText}");
        var settings = Settings(request, task, problems, model, maxTokens, cancellation);
        using var store = RunStore.CreateOrOpen(request.Out, settings, prepared, Terminal.Note);

        var completed = false;
        SamplingProgress.Run(request.Title, request.Quiet, progress =>
        {
            var session = new RunSession(prepared)
            {
                Store = store,
                Settings = settings,
                Grader = grader,
                Samples = request.Samples,
                GradingWorkers = Environment.ProcessorCount,
                Tracer = request.Backend.Tracer,
                Progress = state => progress.Report(state.SamplesDone, state.SamplesTotal, engine.Statistics),
            };
            var sampling = new EngineSampling(engine);
            completed = request.Adaptive is { } design
                ? new AdaptiveSession(session, design).Run(sampling, cancellation)
                : session.Run(sampling, cancellation);
        });
        return completed;
    }

    private static RunSettings Settings(
        EvaluationRequest request, EvaluationTask task, IReadOnlyList<Problem> problems, LoadedModel model, int maxTokens,
        CancellationToken cancellation)
    {
        // A base model that goes on to a question of its own is stopped by the task's texts; a chat model ends by itself.
        var stop = model.Prompts.Mode == "plain" ? task.PlainStop.Concat(request.Sampling.Stop).Distinct() : request.Sampling.Stop;
        return new RunSettings
        {
            ModelPath = request.Model,
            ModelFingerprint = model.Checkpoint.Fingerprint(cancellation),
            TaskName = task.Name,
            TaskSpec = request.Task,
            TaskDigest = TaskDigest.Of(problems),
            TemplateFingerprint = model.Prompts.TemplateFingerprint,
            TemplateMode = model.Prompts.Mode,
            Sampling = request.Sampling.Parameters,
            MaxTokens = maxTokens,
            Stop = [.. stop],
            Seed = request.Sampling.Seed,
            Backend = model.BackendName,
            ProductVersion = ProductVersion.Text,
            Adaptive = request.Adaptive,
        };
    }
}
