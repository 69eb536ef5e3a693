using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Auditing;

/// <summary>Counts <see cref="CutSamples"/> over graded samples in order of problems.</summary>
/// <param name="ids">Ids of problems by position.</param>
/// <param name="endOfSequence">The model's end-of-sequence tokens; null where they are not known.</param>
/// <param name="hasStopTexts">Whether the run was sampled with stop texts; without any, what stopped ended by itself.</param>
internal sealed class EndingCount(IReadOnlyList<string> ids, IReadOnlyCollection<int>? endOfSequence, bool hasStopTexts)
{
    private readonly bool _isKnown = endOfSequence is not null || !hasStopTexts;
    private readonly SortedDictionary<int, Counts> _problems = [];

    public CutSamples Result
    {
        get
        {
            var all = new Counts();
            foreach (var counts in _problems.Values)
                all.Add(counts);
            var total = Shown(all);
            return new CutSamples(
                total, Share(total.Length, total.Samples), Share(total.WrongAndLength, total.Wrong),
                Share(total.StopText, total.Samples), Share(total.WrongAndStopText, total.Wrong),
                [
                    .. _problems.Where(problem => problem.Value.WrongAndLength > 0)
                        .OrderByDescending(problem => problem.Value.WrongAndLength)
                        .Select(problem => new ProblemEndings(ids[problem.Key], Shown(problem.Value))),
                ]);
        }
    }

    public void Add(StoredSample sample)
    {
        if (!_problems.TryGetValue(sample.Problem, out var counts))
            _problems.Add(sample.Problem, counts = new Counts());
        counts.Add(sample.Finish == "length", IsByText(sample), sample.Correct == false);
    }

    // A drawn end-of-sequence token is the last one stored; a stop text ends a sample at any other token.
    private bool IsByText(StoredSample sample) =>
        hasStopTexts && endOfSequence is not null && sample.Finish == "stop"
        && !(sample.Tokens.Length > 0 && endOfSequence.Contains(sample.Tokens[^1]));

    private EndingCounts Shown(Counts counts) => new(
        counts.Samples, counts.Wrong, counts.Length, counts.WrongAndLength, _isKnown ? counts.StopText : null,
        _isKnown ? counts.WrongAndStopText : null, _isKnown ? counts.Samples - counts.Length - counts.StopText : null);

    private static double? Share(long? part, long whole) => part is null || whole == 0 ? null : (double)part / whole;

    private sealed class Counts
    {
        public long Samples { get; private set; }

        public long Wrong { get; private set; }

        public long Length { get; private set; }

        public long WrongAndLength { get; private set; }

        public long StopText { get; private set; }

        public long WrongAndStopText { get; private set; }

        public void Add(bool isCut, bool isByText, bool isWrong)
        {
            Samples++;
            Wrong += isWrong ? 1 : 0;
            Length += isCut ? 1 : 0;
            WrongAndLength += isCut && isWrong ? 1 : 0;
            StopText += isByText ? 1 : 0;
            WrongAndStopText += isByText && isWrong ? 1 : 0;
        }

        public void Add(Counts other)
        {
            Samples += other.Samples;
            Wrong += other.Wrong;
            Length += other.Length;
            WrongAndLength += other.WrongAndLength;
            StopText += other.StopText;
            WrongAndStopText += other.WrongAndStopText;
        }
    }
}
