using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Auditing;

/// <summary>Counts <see cref="MissedAnswers"/> over graded samples in order of problems.</summary>
internal sealed class MissedAnswerSearch(IReadOnlyList<PreparedProblem> problems, IGrader? grader, int mostExamples)
{
    private const int LongestShown = 120;

    private readonly bool _looksForGold = grader is { Answers: AnswerKind.Value };
    private readonly List<MissedAnswer> _examples = [];
    private GoldMention? _gold;
    private int _problem = -1;
    private int _lastExample = -1;
    private long _samples;
    private long _wrong;
    private long _without;
    private long _withoutAndLength;
    private long _goldAtEnd;

    public MissedAnswers Result => new(
        _without, _samples == 0 ? null : (double)_without / _samples, _withoutAndLength, _looksForGold ? _goldAtEnd : null,
        _looksForGold && _wrong > 0 ? (double)_goldAtEnd / _wrong : null, _examples);

    public void Add(StoredSample sample)
    {
        _samples++;
        if (sample.Correct == true)
            return;
        _wrong++;
        if (sample.Extracted is null)
        {
            _without++;
            _withoutAndLength += sample.Finish == "length" ? 1 : 0;
        }
        if (!_looksForGold)
            return;
        if (sample.Problem != _problem)
        {
            _problem = sample.Problem;
            _gold = GoldMention.Of(problems[_problem].Problem, grader!);
        }
        var line = LastLine(sample.Text);
        if (_gold!.In(line) is { } gold)
            AddMention(sample, gold, line);
    }

    private void AddMention(StoredSample sample, string gold, ReadOnlySpan<char> line)
    {
        _goldAtEnd++;
        if (_examples.Count == mostExamples || _lastExample == sample.Problem)
            return;
        _lastExample = sample.Problem;
        var shown = line.Length <= LongestShown ? line.ToString() : $"...{line[^LongestShown..]}";
        _examples.Add(new MissedAnswer(problems[sample.Problem].Problem.Id, sample.Index, gold, sample.Extracted, shown));
    }

    private static ReadOnlySpan<char> LastLine(string text)
    {
        var trimmed = text.AsSpan().TrimEnd();
        return trimmed[(trimmed.LastIndexOf('\n') + 1)..].Trim();
    }
}
