using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Counts the answers of one problem after another and takes together those that say the same. The rule, for a grader's relation need not
/// be transitive (28% is 28 and is 0.28): answers of one text and one verdict are one. Then the texts are visited by falling count (of
/// equally many, in ordinal order); each joins the first answer founded so far that has its verdict and whose founding text the grader
/// finds equal, or founds one. The gold takes no part but through the verdicts, which keep apart what the grader judged differently.
/// </summary>
/// <param name="grader">Whose answers they are.</param>
/// <remarks>
/// At most <see cref="MostComparisons"/> pairs of texts are compared for a problem; what is rarer than that reaches founds its own
/// answer. Memory grows with distinct texts.
/// </remarks>
public sealed class AnswerTally(IGrader grader)
{
    public const int MostComparisons = 1_000;

    private readonly Dictionary<(string Text, bool Correct), int> _samples = [];
    private int _withoutAnswer;

    public void Add(string? extracted, bool correct)
    {
        if (extracted is null && !correct)
        {
            _withoutAnswer++;
            return;
        }
        // A grader that passes a sample without reading an answer from it has still seen one.
        var key = (extracted ?? "", correct);
        _samples[key] = _samples.GetValueOrDefault(key) + 1;
    }

    /// <summary>The answers since the last call, as those of a problem.</summary>
    public ProblemAnswers Take(string problem)
    {
        var classes = new List<AnswerClass>();
        var comparisons = 0;
        var ordered = _samples.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key.Correct)
            .ThenBy(entry => entry.Key.Text, StringComparer.Ordinal);
        foreach (var ((text, correct), samples) in ordered)
        {
            var same = classes.FindIndex(answer =>
                answer.Correct == correct && comparisons++ < MostComparisons && grader.IsSameAnswer(answer.Key, text));
            if (same < 0)
                classes.Add(new AnswerClass(text, samples, correct));
            else
                classes[same] = classes[same] with { Samples = classes[same].Samples + samples };
        }
        var answers = new ProblemAnswers(problem, classes, _withoutAnswer);
        _samples.Clear();
        _withoutAnswer = 0;
        return answers;
    }
}
