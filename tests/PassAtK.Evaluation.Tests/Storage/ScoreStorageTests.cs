using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Storage;

public sealed class ScoreStorageTests : IDisposable
{
    private static readonly Scorer Cpu = new("f00d", "cpu", "models/other");
    private static readonly Scorer Cuda = Cpu with { Backend = "cuda sm_90" };

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("run.passatk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scores_come_back_bit_for_bit_for_every_sample_that_shares_the_completion()
    {
        float[] first = [-0.1f, float.NegativeInfinity, -1e-7f], second = [-2.5f, -3.25f];
        using (var store = Runs.Open(Path))
        {
            store.Write(() =>
            {
                var shared = Runs.Sample(0, 4, "a", 1, 2, 3);
                var (one, _) = store.AddSample(0, shared);
                store.AddSample(0, shared with { Sample = 7 });
                var (two, _) = store.AddSample(1, Runs.Sample(1, 0, "b", 4, 5));
                store.AddScore(Cpu, two, second);
                store.AddScore(Cpu, one, first);
            });
        }

        using var reader = RunReader.Open(Path);
        var scores = reader.Scores(Cpu).ToArray();
        Assert.Equal([(0, 4), (0, 7), (1, 0)], scores.Select(score => (score.Problem, score.Index)));
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity, -5.75], scores.Select(score => score.Logprob));
        Assert.Equal([first, first, second], scores.Select(score => score.Logprobs));
        Assert.Equal(
            scores.Select(score => (double?)score.Logprob),
            reader.Outcomes(null, Cpu).SelectMany(problem => problem.Samples).Select(outcome => outcome.Scored));
        Assert.All(reader.Outcomes(null).SelectMany(problem => problem.Samples), outcome => Assert.Null(outcome.Scored));
    }

    [Fact]
    public void Each_model_and_each_device_has_scores_of_its_own()
    {
        using (var store = Runs.Open(Path))
        {
            store.Write(() =>
            {
                var (one, _) = store.AddSample(0, Runs.Sample(0, 0, "a", 9));
                var (two, _) = store.AddSample(0, Runs.Sample(0, 1, "b", 3));
                store.AddScore(Cpu, one, [-1]);
                store.AddScore(Cpu with { Model = "the same, moved" }, two, [-2]);
                store.AddScore(Cuda, two, [-3]);
            });
        }

        using var reader = RunReader.Open(Path);
        Assert.Equal([Cpu, Cuda], reader.Scorers());
        Assert.Equal((2, 1, 0), (reader.ScoredCount(Cpu), reader.ScoredCount(Cuda), reader.ScoredCount(new Scorer("beef", "cpu", ""))));
        Assert.Equal([null, -3.0], reader.Outcomes(null, Cuda).SelectMany(problem => problem.Samples).Select(outcome => outcome.Scored));
        Assert.Empty(reader.Unscored(Cpu, 0));
        Assert.Equal(0, Assert.Single(reader.Unscored(Cuda, 0)).Sample);
        // In the order of their tokens, not of their indices.
        Assert.Equal([1, 0], reader.Unscored(new Scorer("beef", "cpu", ""), 0).Select(unscored => unscored.Sample));
        Assert.Empty(reader.Unscored(Cuda, 1));
    }

    [Fact]
    public void Scores_that_were_rolled_back_are_gone_with_their_scorer()
    {
        using var store = Runs.Open(Path);
        long completion = 0;
        store.Write(() => completion = store.AddSample(0, Runs.Sample(0, 0, "a", 1)).Completion);
        Assert.Throws<TimeoutException>(() => store.Write(() =>
        {
            store.AddScore(Cpu, completion, [-1]);
            throw new TimeoutException();
        }));
        using var reader = RunReader.Open(Path);
        Assert.Empty(reader.Scorers());
        store.Write(() => store.AddScore(Cpu, completion, [-2]));
        Assert.Equal(-2, Assert.Single(reader.Scores(Cpu)).Logprob);
    }
}
