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
    public void A_reference_feeds_the_token_that_the_step_before_drew_there()
    {
        var tokens = BackendRun.Tokens(20);
        var parameters = new SamplingParameters { Temperature = 1, TopP = 1 };
        using var run = Start(Model, maxRows: 80);
        var (first, second) = (new StepPlan(), new StepPlan());
        var tables = Enumerable.Range(0, 4).Select(_ => run.Table(tokens.Length + 1)).ToArray();
        foreach (var table in tables)
            first.AddDraws(first.AddRows(tokens, 0, table) + tokens.Length - 1, parameters, 1, 2, 0, [first.Groups.Length, 9]);
        run.Backend.Execute(first);
        TokenDraw[][] drawn = [Next(StepPlan.Drawn), first.Draws.ToArray(), []];
        run.Backend.Execute(first);
        drawn[2] = Next(slot => drawn[1][slot].Token);
        Assert.True(drawn[1].Select(draw => draw.Token).Distinct().Count() > 1);
        Assert.Equal(drawn[2], drawn[0]);

        TokenDraw[] Next(Func<int, int> feed)
        {
            second.Clear();
            for (var i = 0; i < tables.Length; i++)
                second.AddDraws(second.AddRows([feed((2 * i) + 1)], tokens.Length, tables[i]), parameters, 1, 2, 1, [i]);
            run.Backend.Execute(second);
            return second.Draws.ToArray();
        }
    }

    [Fact]
    public void No_more_steps_are_in_flight_than_may_be_and_each_is_collected_once()
    {
        using var run = Start(Model);
        var plans = Enumerable.Range(0, run.Backend.PipelineDepth).Select(_ => new StepPlan()).ToArray();
        Assert.Throws<InvalidOperationException>(run.Backend.Collect);
        foreach (var plan in plans)
        {
            plan.AddRows([1], 0, run.Table(1));
            run.Backend.Submit(plan);
        }
        Assert.Throws<InvalidOperationException>(() => run.Backend.Submit(new StepPlan()));
        foreach (var _ in plans)
            run.Backend.Collect();
        Assert.Throws<InvalidOperationException>(run.Backend.Collect);
    }

    [Fact]
    public void Steps_in_flight_together_equal_steps_one_by_one()
    {
        using var run = Start(Model);
        var parameters = new SamplingParameters { Temperature = 1, TopP = 0.9f };
        Assert.Equal(Draw(1), Draw(run.Backend.PipelineDepth));

        TokenDraw[] Draw(int depth)
        {
            const int Steps = 20;
            var draws = new List<TokenDraw>();
            var plans = Enumerable.Range(0, depth).Select(_ => new StepPlan()).ToArray();
            BlockTable[] tables = [run.Table(Steps), run.Table(Steps), run.Table(Steps)];
            for (var step = 0; step < Steps + depth; step++)
            {
                var plan = plans[step % depth];
                if (step >= depth)
                {
                    run.Backend.Collect();
                    draws.AddRange(plan.Draws);
                }
                if (step >= Steps)
                    continue;
                plan.Clear();
                for (var i = 0; i < tables.Length; i++)
                    plan.AddDraws(plan.AddRows([step == 0 ? i : StepPlan.Drawn(i)], step, tables[i]), parameters, 5, 6, step, [i]);
                run.Backend.Submit(plan);
            }
            return [.. draws];
        }
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
        Assert.Contains("slot 0", Refusal(plan => plan.AddRows([StepPlan.Drawn(0)], 0, table)), StringComparison.Ordinal);
        Assert.Contains("target is 131", Refusal(plan => plan.AddScores(plan.AddRows([1], 0, table), [130, 131])), StringComparison.Ordinal);
        Assert.Contains("block 8", Refusal(plan => plan.AddCopy(0, 8)), StringComparison.Ordinal);
        var beyond = new BlockTable();
        beyond.Add(8);
        Assert.Contains("names block 8", Refusal(plan => plan.AddRows([1], 0, beyond)), StringComparison.Ordinal);

        for (var i = 0; i < 8; i++)
            beyond.Add(i);
        Assert.Contains("9 blocks, expected at most 8", Refusal(plan => plan.AddRows([1], 0, beyond)), StringComparison.Ordinal);

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

    [Fact]
    public void A_tensor_of_another_shape_is_refused_by_name()
    {
        var thrown = Assert.Throws<InputException>(() => device.Create(new MisshapenModel(), blocks: 4, maxRows: 4));
        Assert.Equal("tensor 'model.layers.1.mlp.up_proj.weight' has shape [90, 70], expected [91, 70].", thrown.Message);
    }

    private protected BackendRun Start(IWeightSource model, int blocks = 64, int maxRows = 64) =>
        new(device.Create(model, blocks, maxRows));

    private static double LogProbability(float[] logits, int token) =>
        -Math.Log(logits.Sum(logit => Math.Exp(logit - logits[token])));

    /// <summary>Its config promises a wider second layer than its tensors have.</summary>
    private sealed class MisshapenModel : IWeightSource
    {
        private readonly TinyModel _wide = new(TinyModel.SmallConfig with { IntermediateSize = 91 }, DataType.BF16);
        private readonly TinyModel _narrow = new(TinyModel.SmallConfig, DataType.BF16);

        public ModelConfig Config => _wide.Config;

        public WeightTensor Get(string name) =>
            name == "model.layers.1.mlp.up_proj.weight" ? _narrow.Get(name) : _wide.Get(name);

        public void Dispose()
        {
        }
    }
}
