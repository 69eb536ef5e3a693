using System.Text;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tests.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Running;

public sealed class ScoringTests : IDisposable
{
    private const int ProblemCount = 5;
    private const int SampleCount = 60;

    private static readonly Scorer Scorer = new("f00d", "cpu", "models/other");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_completion_is_scored_once_and_every_sample_has_the_score_of_its_own_tokens()
    {
        var path = Made("run.passatk");
        var engine = new FakeScorer(0);
        Assert.True(Score(path, engine) > 0);

        using var reader = RunReader.Open(path);
        Assert.Equal(reader.CompletionCount(), reader.ScoredCount(Scorer));
        Assert.Equal(reader.CompletionCount(), engine.Given);
        var tokens = reader.Samples(null).ToDictionary(sample => (sample.Problem, sample.Index), sample => sample.Tokens);
        var scores = reader.Scores(Scorer).ToArray();
        Assert.Equal(ProblemCount * SampleCount, scores.Length);
        Assert.All(scores, score => Assert.Equal(FakeScorer.Logprobs(score.Problem, tokens[(score.Problem, score.Index)]), score.Logprobs));
        Assert.All(scores, score => Assert.Equal(score.Logprobs.Aggregate(0.0, (sum, value) => sum + value), score.Logprob));
        Assert.Equal(0, Score(path, new FakeScorer(0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Scoring_that_fails_anywhere_again_and_again_ends_as_one_that_was_never_interrupted(int seed)
    {
        var (whole, broken) = (Made("whole.passatk"), Made("broken.passatk"));
        Score(whole, new FakeScorer(0));
        var random = new Random(seed);
        var failures = 0;
        for (; ; failures++)
        {
            var failAt = random.Next(1, 20);
            try
            {
                Score(broken, new FakeScorer(random.Next()) { Before = given => Interrupt(given == failAt) }, random.Next(1, 40));
                break;
            }
            catch (TimeoutException)
            {
            }
        }
        Assert.True(failures > 1);
        Assert.Equal(Lines(whole), Lines(broken));

        static void Interrupt(bool now)
        {
            if (now)
                throw new TimeoutException();
        }
    }

    [Fact]
    public void A_cancelled_session_keeps_what_it_computed()
    {
        var path = Made("run.passatk");
        using var stop = new CancellationTokenSource();
        var engine = new FakeScorer(0) { Stop = stop.Token, Before = given => Interrupt(given == 7) };
        Assert.Throws<OperationCanceledException>(() => Score(path, engine));
        using var reader = RunReader.Open(path);
        Assert.Equal(8, reader.ScoredCount(Scorer));

        void Interrupt(bool now)
        {
            if (now)
                stop.Cancel();
        }
    }

    [Fact]
    public void Samples_drawn_later_are_scored_and_the_earlier_ones_are_not_scored_again()
    {
        var path = Made("run.passatk", samples: 20);
        var first = Score(path, new FakeScorer(0));
        Made("run.passatk");
        var second = Score(path, new FakeScorer(1));
        Assert.True(first > 0 && second > 0);
        Assert.Equal(Lines(ScoredWhole()), Lines(path));
    }

    [Fact]
    public void A_request_holds_whole_neighbours_and_few_more_tokens_than_its_bound()
    {
        var path = Made("run.passatk");
        var engine = new FakeScorer(0);
        Score(path, engine, tokensPerRequest: 12);
        Assert.True(engine.Requests.Count > 2 * ProblemCount);
        Assert.All(engine.Requests, request => Assert.InRange(request.Given!.Values.Sum(tokens => tokens.Length), 1, 12 + 7));
        Assert.All(engine.Requests, request => Assert.Equal(request.Samples.Order(), request.Samples));
        Assert.All(engine.Requests, request => Assert.Equal(request.Given!.Keys, request.Samples));
        Assert.Equal(Lines(ScoredWhole()), Lines(path));
    }

    /// <summary>A run with samples of which many share a completion.</summary>
    private string Made(string name, int samples = SampleCount)
    {
        var path = _folder.File(name);
        var problems = Runs.Problems(ProblemCount);
        using var store = Runs.Open(path, ProblemCount);
        new RunSession(problems) { Store = store, Settings = Runs.Settings(ProblemCount), Grader = new ExactGrader(), Samples = samples }
            .Run(new FakeEngine(), TestContext.Current.CancellationToken);
        return path;
    }

    private string ScoredWhole()
    {
        var path = Made("whole.passatk");
        Score(path, new FakeScorer(0));
        return path;
    }

    private static long Score(string path, FakeScorer engine, int tokensPerRequest = 1 << 20)
    {
        using var store = RunStore.OpenExisting(path);
        var scoring = new Scoring { Store = store, Scorer = Scorer, TokensPerRequest = tokensPerRequest };
        scoring.Run(engine, engine.Stop);
        return scoring.Scored;
    }

    private static string Lines(string path)
    {
        using var reader = RunReader.Open(path);
        using var output = new MemoryStream();
        ScoreLines.Write(reader, Scorer, output, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Log-likelihoods that are a pure function of problem and tokens, handed over in a shuffled order.</summary>
    private sealed class FakeScorer(int seed) : ISampleEngine
    {
        private readonly Random _order = new(seed);

        public Action<int> Before { get; init; } = _ => { };

        public CancellationToken Stop { get; init; } = TestContext.Current.CancellationToken;

        public List<SampleRequest> Requests { get; } = [];

        public int Given { get; private set; }

        public static float[] Logprobs(int problem, int[] tokens) =>
        [
            .. tokens.Select((token, position) =>
                token % 11 == 3 ? float.NegativeInfinity : -MathF.Log(2 + (((token * (position + 1)) + problem) % 29))),
        ];

        public void Run(IEnumerable<SampleRequest> requests, Action<Completion> completed, CancellationToken cancellation)
        {
            foreach (var request in requests)
            {
                Requests.Add(request);
                foreach (var sample in request.Samples.OrderBy(_ => _order.Next()))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Before(Given);
                    var tokens = request.Given![sample];
                    var logprobs = Logprobs(int.Parse(request.ProblemId[1..], null), tokens);
                    completed(new Completion(request.ProblemId, sample, tokens, logprobs, logprobs, "", FinishReason.Length));
                    Given++;
                }
            }
        }

        public SharingStatistics Statistics() => SharingStatistics.None;
    }
}
