using System.Text;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Reports.Samples;

/// <summary>
/// Chooses what a page shows of each problem: all classes of answers with their sizes, at least one completion of each as far as the room
/// goes, correct ones first, then more completions by how many samples drew them. Holds one problem's samples at a time.
/// </summary>
internal static class ProblemSamplesReader
{
    // What JSON adds to a completion's text: quotes, numbers, indices.
    private const int Overhead = 64;

    /// <returns>By position of the problem.</returns>
    public static IReadOnlyDictionary<int, ProblemSamples> Read(RunReader reader, ReportedRun run, SampleRoom room)
    {
        var problems = new Dictionary<int, ProblemSamples>();
        var drawn = new List<SampleText>();
        foreach (var sample in reader.Texts(run.Grader))
        {
            if (sample.Index < run.FirstIndex || sample.Index >= run.EndIndex)
                continue;
            if (drawn.Count > 0 && drawn[0].Problem != sample.Problem)
                Finish();
            drawn.Add(sample);
        }
        if (drawn.Count > 0)
            Finish();
        return problems;

        void Finish()
        {
            problems.Add(drawn[0].Problem, Choose(drawn, room));
            drawn.Clear();
        }
    }

    private static ProblemSamples Choose(List<SampleText> drawn, SampleRoom room)
    {
        var classes = drawn
            .GroupBy(sample => (sample.Correct, sample.Extracted))
            .OrderBy(group => group.Key.Correct switch { true => 0, false => 1, null => 2 })
            .ThenByDescending(group => group.Count())
            .ThenBy(group => group.First().Index)
            .Take(SampleRoom.MostAnswers)
            .ToArray();
        // Of each class in turn the completion that most samples drew, then the rest of all.
        var completions = classes
            .SelectMany((group, answer) => group
                .GroupBy(sample => (sample.Text, sample.Finish, sample.TokenCount, sample.Logprob))
                .OrderByDescending(same => same.Count())
                .ThenBy(same => same.First().Index)
                .Select((same, place) => (Answer: answer, Samples: same.ToArray(), IsFirst: place == 0)))
            .OrderByDescending(completion => completion.IsFirst)
            .ThenByDescending(completion => completion.IsFirst ? 0 : completion.Samples.Length)
            .ThenBy(completion => completion.IsFirst ? completion.Answer : completion.Samples[0].Index)
            .ToArray();

        var (shown, used, hidden) = (new List<ShownCompletion>(), 0L, drawn.Count - completions.Sum(
            completion => completion.Samples.Length));
        var (share, characters) = (room.Share, room.Characters);
        foreach (var (answer, samples, _) in completions)
        {
            var text = TextExcerpt.Of(samples[0].Text, characters);
            var bytes = Overhead + (4L * samples.Length) + Cost(text.Start) + Cost(text.End);
            if (used + bytes > share)
            {
                hidden += samples.Length;
                continue;
            }
            used += bytes;
            shown.Add(new ShownCompletion(
                text, samples[0].TokenCount, samples[0].Finish, samples[0].Logprob, answer, [.. samples.Select(sample => sample.Index)]));
        }
        room.Take(used);
        return new ProblemSamples(
            drawn.Count, drawn.Sum(sample => (long)sample.TokenCount),
            [.. classes.Select(group => new AnswerClass(group.Key.Extracted, group.Key.Correct, group.Count()))],
            drawn.Select(sample => (sample.Correct, sample.Extracted)).Distinct().Count() - classes.Length,
            shown, hidden);
    }

    private static int Cost(string text) => Encoding.UTF8.GetByteCount(PageData.Encoder.Encode(text));
}
