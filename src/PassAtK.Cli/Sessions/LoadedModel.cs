using PassAtK.Cli.Options;
using PassAtK.Cli.Rendering;
using PassAtK.Engine;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tokenization;

namespace PassAtK.Cli.Sessions;

/// <summary>A model folder opened for sampling: checkpoint, tokenizer and prompt renderer, and the backend once it is asked for.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly BackendSettings _settings;
    private readonly bool _cuda;
    private IBackend? _backend;

    private LoadedModel(
        string folder, Checkpoint checkpoint, Tokenizer tokenizer, PromptRenderer prompts, BackendSettings settings, bool cuda)
    {
        Folder = folder;
        Checkpoint = checkpoint;
        Tokenizer = tokenizer;
        Prompts = prompts;
        _settings = settings;
        _cuda = cuda;
    }

    public string Folder { get; }

    public Checkpoint Checkpoint { get; }

    public ModelConfig Config => Checkpoint.Config;

    public Tokenizer Tokenizer { get; }

    public PromptRenderer Prompts { get; }

    /// <summary>Device kind as stored with a run; known once there is an engine.</summary>
    public string BackendName => (_backend ?? throw new InvalidOperationException("No engine has been created.")).Name;

    /// <param name="folder">Hugging Face model folder.</param>
    /// <param name="template">`auto`, `plain`, `chat` or the path of a Jinja file.</param>
    /// <param name="settings">Device and its limits.</param>
    /// <exception cref="InputException">Something in the folder is missing or wrong.</exception>
    /// <exception cref="NoDeviceException">The device is not usable.</exception>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public static LoadedModel Open(string folder, string template, BackendSettings settings)
    {
        var cuda = BackendChoice.UsesCuda(settings);
        var checkpoint = Checkpoint.Open(folder);
        try
        {
            var tokenizer = Tokenizer.Load(folder);
            return new LoadedModel(folder, checkpoint, tokenizer, PromptRenderer.Create(tokenizer, template), settings, cuda);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Loads the weights.</summary>
    /// <param name="longestSample">
    /// Positions of the longest prompt with the most generated tokens: what a KV cache should hold for every row.
    /// </param>
    public SamplingEngine CreateEngine(long longestSample)
    {
        _backend = BackendFactory.Create(Checkpoint, _settings, _cuda, longestSample);
        if (_cuda && _settings.Backend == "auto")
            Terminal.Note($"Runs on {BackendName}; --backend cpu or cuda chooses.");
        return new SamplingEngine(_backend, Tokenizer, new EngineOptions { Share = _settings.Share, Tracer = _settings.Tracer });
    }

    /// <summary>What the backend holds, for people; known once there is an engine.</summary>
    public string MemoryText
    {
        get
        {
            var (weights, keyValues, workspace) = BackendFactory.Memory(
                _backend ?? throw new InvalidOperationException("No engine has been created."));
            return $"weights {ByteSize.Text(weights)}, KV cache {ByteSize.Text(keyValues)}, work space {ByteSize.Text(workspace)}";
        }
    }

    /// <exception cref="InputException">The prompt is empty or leaves no room in the model's context.</exception>
    public void CheckPrompt(string problemId, int[] prompt)
    {
        if (prompt.Length == 0)
            throw new InputException($"Problem '{problemId}' has an empty prompt: the model needs at least one token.");
        if (prompt.Length >= Config.MaxPositions)
        {
            throw new InputException(
                $"Problem '{problemId}' has a prompt of {prompt.Length} tokens; the model's context of {Config.MaxPositions} leaves no room for " +
                "an answer.");
        }
    }

    public void Dispose()
    {
        _backend?.Dispose();
        Checkpoint.Dispose();
    }
}
