using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Backends;

/// <summary>What the scheduler may rely on with any backend.</summary>
public abstract class ContractSuite(BackendUnderTest device)
{
    private static readonly SamplingParameters Greedy = new() { Temperature = 0 };

    private protected static readonly TinyModel Model = new(TinyModel.SmallConfig with { MaxPositions = 64 }, DataType.BF16);

    [Fact]
    public void Draws_and_scores_come_from_the_rows_they_name()
    {
        var tokens = BackendRun.Tokens(9);
        using var run = Start(Model);
        var table = run.Table(tokens.Length);
        var logits = run.Run(tokens, 0, table, tokens.Length);
        var plan = new StepPlan();
        plan.AddRows(tokens, 0, table);
        plan.AddDraws(8, Greedy, 1, 2, 0, [3, 4]);
        plan.AddScores(2, [77, 5]);
        plan.AddDraws(5, Greedy, 1, 2, 0, [0]);
        run.Backend.Execute(plan);
        Assert.Equal([ArgMax(8), ArgMax(8), 77, 5, ArgMax(5)], plan.Draws.ToArray().Select(draw => draw.Token));
        Assert.Equal(LogProbability(logits[2], 77), plan.Draws[2].Logprob, 1e-5);
        Assert.Equal(LogProbability(logits[2], 5), plan.Draws[3].Logprob, 1e-5);

        int ArgMax(int row) => Array.IndexOf(logits[row], logits[row].Max());
    }

    [Fact]
    public void A_plan_beyond_the_backend_is_refused()
    {
        using var run = Start(Model, blocks: 8, maxRows: 5);
        var table = run.Table(65);
        Assert.Contains("6 rows", Refusal(plan => plan.AddRows(new int[6], 0, table)), StringComparison.Ordinal);
        Assert.Contains("position 64", Refusal(plan => plan.AddRows([1], 64, table)), StringComparison.Ordinal);
        Assert.Contains("1 blocks", Refusal(plan => plan.AddRows([1], 16, run.Table(1))), StringComparison.Ordinal);
        Assert.Contains("token 131", Refusal(plan => plan.AddRows([131], 0, table)), StringComparison.Ordinal);
        Assert.Contains("block 8", Refusal(plan => plan.AddCopy(0, 8)), StringComparison.Ordinal);
        var beyond = new BlockTable();
        beyond.Add(8);
        Assert.Contains("names block 8", Refusal(plan => plan.AddRows([1], 0, beyond)), StringComparison.Ordinal);

        string Refusal(Action<StepPlan> build) => Assert.Throws<ArgumentException>(() => run.Step(build)).Message;
    }

    [Fact]
    public void A_row_that_is_not_a_number_yields_no_token()
    {
        const int Bad = 7;
        using var run = Start(new TinyModel(TinyModel.SmallConfig, DataType.BF16, notFinite: Bad));
        var plan = new StepPlan();
        plan.AddRows([Bad], 0, run.Table(1));
        plan.AddRows([3], 0, run.Table(1));
        plan.AddDraws(0, Greedy, 1, 2, 0, [0, 1]);
        plan.AddDraws(1, Greedy, 1, 2, 0, [0]);
        run.Backend.Execute(plan);
        Assert.Equal(TokenDraw.NotFinite, plan.Draws[0].Token);
        Assert.Equal(TokenDraw.NotFinite, plan.Draws[1].Token);
        Assert.True(float.IsNaN(plan.Draws[1].Logprob));
        Assert.InRange(plan.Draws[2].Token, 0, 130);
    }

    [Fact]
    public void A_step_without_rows_copies_blocks_alone()
    {
        using var run = Start(Model, blocks: 8);
        var tokens = BackendRun.Tokens(17);
        var original = run.Table(17);
        var expected = run.Run(tokens, 0, original, 17)[16];
        var copy = run.Table(17);
        var plan = new StepPlan();
        plan.AddCopy(original[0], copy[0]);
        run.Backend.Execute(plan);
        Assert.Equal(expected, run.Run(tokens[16..], 16, copy, 1)[0]);
    }

    private protected BackendRun Start(IWeightSource model, int blocks = 64, int maxRows = 64) =>
        new(device.Create(model, blocks, maxRows));

    private static double LogProbability(float[] logits, int token) =>
        -Math.Log(logits.Sum(logit => Math.Exp(logit - logits[token])));
}
