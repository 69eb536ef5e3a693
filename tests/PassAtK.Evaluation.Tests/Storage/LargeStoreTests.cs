using System.Globalization;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Storage;

/// <summary>
/// Stores as large as real runs, to measure `passatk compare` on: `PASSATK_LARGE_STORES=DIR` writes `base` and `other` there, 500 problems
/// with 1,024 samples of 32 tokens each. Without it the same code writes small ones, whose outcomes are checked.
/// </summary>
public class LargeStoreTests
{
    [Fact]
    public void Every_sample_of_a_written_store_is_read_with_its_tokens_surprisal_and_verdict()
    {
        var asked = Environment.GetEnvironmentVariable("PASSATK_LARGE_STORES");
        using var folder = new TemporaryFolder();
        var (problems, samples) = asked is null ? (6, 40) : (500, 1_024);
        foreach (var (name, ease) in new[] { ("base", 0.3), ("other", 0.6) })
        {
            var path = Path.Combine(asked ?? folder.Path, name + ".passatk");
            Write(path, problems, samples, ease);
            using var reader = RunReader.Open(path);
            var (count, correct, surprisal, tokens) = (0, 0, 0.0, 0L);
            foreach (var outcome in reader.Outcomes(("exact", 1)).SelectMany(problem => problem.Samples))
            {
                count++;
                correct += outcome.Correct == true ? 1 : 0;
                surprisal += outcome.Surprisal;
                tokens += outcome.Tokens.Length;
            }
            Assert.Equal(problems * samples, count);
            Assert.Equal(reader.Tallies(("exact", 1)).Sum(tally => tally.Correct), correct);
            // 32 tokens of half a nat.
            Assert.Equal(32L * count, tokens);
            Assert.Equal(16.0 * count, surprisal, 1e-6 * count);
        }
    }

    private static void Write(string path, int problems, int samples, double ease)
    {
        var random = new Random(problems);
        using var store = Runs.Open(path, problems);
        for (var problem = 0; problem < problems; problem++)
        {
            var chance = ease * random.NextDouble();
            store.Write(() =>
            {
                for (var index = 0; index < samples; index++)
                {
                    int[] tokens = [.. Enumerable.Range(0, 32).Select(depth => random.Next(1 + (depth % 4 * 50)))];
                    var isCorrect = random.NextDouble() < chance;
                    var answer = isCorrect ? 0 : random.Next(1, 50);
                    var (completion, _) = store.AddSample(
                        problem, Runs.Sample(problem, index, string.Create(CultureInfo.InvariantCulture, $"so the answer must be {answer}"), tokens));
                    store.AddVerdict(
                        new ExactGrader(), completion, new Verdict(isCorrect, answer.ToString(CultureInfo.InvariantCulture)));
                }
            });
        }
    }
}
