using System.Globalization;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// A set of problems in a file, with the words that ask them and the grader that judges them. One file format is one subclass.
/// </summary>
public abstract class EvaluationTask(string file)
{
    /// <summary>The name before the colon of a spec: `gsm8k`; `jsonl` for a plain file.</summary>
    public abstract string Name { get; }

    /// <summary>Path of the file of problems.</summary>
    public string File { get; } = file;

    /// <summary>What <see cref="TaskSpec.Parse"/> reads back as this task.</summary>
    public virtual string Spec => $"{Name}:{File}";

    /// <summary>Name of the grader that fits the task; null where the person must choose one.</summary>
    public abstract string? DefaultGrader { get; }

    public abstract int DefaultMaxTokens { get; }

    /// <summary>Texts that end a sample of the plain prompt: what a base model writes when it goes on to a question of its own.</summary>
    public virtual IReadOnlyList<string> PlainStop => [];

    /// <summary>The prompt for a model without a chat template.</summary>
    public virtual string PlainPrompt(Problem problem) => problem.Prompt;

    /// <summary>The messages for a model with a chat template.</summary>
    public IReadOnlyList<ChatMessage> ChatPrompt(Problem problem) =>
        problem.Messages ?? [new ChatMessage("user", UserMessage(problem))];

    /// <summary>The first problems of the file in file order, at most <paramref name="limit"/>; nothing after them is read.</summary>
    /// <exception cref="InputException">The file or one of its lines is bad, an id comes twice, or there is no problem.</exception>
    public IReadOnlyList<Problem> Load(int limit = int.MaxValue)
    {
        var problems = new List<Problem>();
        var lineOfId = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in JsonLines.Read(File).Take(limit))
        {
            var problem = Read(line, problems.Count);
            if (problem.Id.Length == 0)
                throw line.Bad("id", "is empty", "a text");
            if (!lineOfId.TryAdd(problem.Id, line.Number))
                throw new InputException(
                    $"{File}, line {line.Number}: the id '{problem.Id}' is that of line {lineOfId[problem.Id]} too, "
                    + "expected ids that differ.");
            problems.Add(problem);
        }
        return problems.Count > 0
            ? problems
            : throw new InputException($"{File}: there is no problem in it, expected one JSON object a line.");
    }

    /// <summary>The user message for a problem without messages of its own.</summary>
    protected abstract string UserMessage(Problem problem);

    /// <summary>Reads one line of the file; <paramref name="position"/> counts problems from 0.</summary>
    private protected abstract Problem Read(JsonLine line, int position);

    /// <summary>The id of a problem whose line has none: `gsm8k-0007`.</summary>
    private protected string NumberedId(int position) => string.Create(CultureInfo.InvariantCulture, $"{Name}-{position:D4}");
}
