using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Backends;

/// <summary>A row's logits depend on its branch's tokens alone: bit for bit, nothing else matters.</summary>
public abstract class DeterminismSuite(BackendUnderTest device)
{
    /// <summary>Tokens of the prompt: two whole tiles, a whole block and a part of one more.</summary>
    protected const int Prompt = 150;

    private static readonly TinyModel Model = new(TinyModel.SmallConfig with { QueryKeyValueBias = true }, DataType.BF16);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    public void Prefill_in_chunks_equals_prefill_at_once(int chunk)
    {
        var tokens = BackendRun.Tokens(Prompt);
        using var run = Start();
        Assert.Equal(run.Run(tokens, 0, run.Table(Prompt), Prompt), run.Run(tokens, 0, run.Table(Prompt), chunk));
    }

    [Fact]
    public void Prefill_in_chunks_equals_prefill_at_once_over_two_splits()
    {
        var tokens = BackendRun.Tokens(1200);
        using var run = Start(maxRows: 1200);
        Assert.Equal(run.Run(tokens, 0, run.Table(1200), 1200), run.Run(tokens, 0, run.Table(1200), 333));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(13)]
    [InlineData(70)]
    public void A_row_alone_equals_the_row_in_a_batch(int batch)
    {
        using var run = Start();
        var (tables, tokens) = Siblings(run, batch);
        var together = run.Step(plan => AddAll(plan, tables, tokens));
        for (var row = 0; row < batch; row += Math.Max(1, batch / 7))
            Assert.Equal(together[row], run.Step(plan => plan.AddRows([tokens[row]], Prompt, tables[row]))[0]);
    }

    [Fact]
    public void A_row_alone_equals_the_row_among_256()
    {
        using var run = Start();
        var (tables, tokens) = Siblings(run, 256);
        var together = run.Step(plan => AddAll(plan, tables, tokens));
        foreach (var row in new[] { 0, 1, 100, 255 })
            Assert.Equal(together[row], run.Step(plan => plan.AddRows([tokens[row]], Prompt, tables[row]))[0]);
    }

    [Fact]
    public void Rows_next_to_a_prefill_equal_rows_by_themselves()
    {
        using var run = Start();
        var (tables, tokens) = Siblings(run, 9);
        var expected = run.Step(plan => AddAll(plan, tables, tokens));
        var other = BackendRun.Tokens(77, seed: 8);
        var alone = run.Run(other, 0, run.Table(77), 77);
        var mixed = run.Step(plan =>
        {
            AddAll(plan, tables[..4], tokens[..4]);
            plan.AddRows(other, 0, run.Table(77));
            AddAll(plan, tables[4..], tokens[4..]);
        });
        Assert.Equal(expected, [.. mixed[..4], .. mixed[81..]]);
        Assert.Equal(alone, mixed[4..81]);
    }

    [Fact]
    public void Shared_blocks_equal_private_copies()
    {
        using var run = Start();
        var (shared, tokens) = Siblings(run, 20);
        var expected = run.Step(plan => AddAll(plan, shared, tokens));
        var prompt = BackendRun.Tokens(Prompt);
        var own = new BlockTable[20];
        for (var i = 0; i < own.Length; i++)
            run.Run(prompt, 0, own[i] = run.Table(Prompt + 1), Prompt);
        Assert.Equal(expected, run.Step(plan => AddAll(plan, own, tokens)));
    }

    [Fact]
    public void The_order_of_rows_does_not_matter()
    {
        using var run = Start();
        var (tables, tokens) = Siblings(run, 40);
        var expected = run.Step(plan => AddAll(plan, tables, tokens));
        Array.Reverse(tables);
        Array.Reverse(tokens);
        var reversed = run.Step(plan => AddAll(plan, tables, tokens));
        Assert.Equal(expected, reversed.Reverse().ToArray());
    }

    [Fact]
    public void Block_numbers_do_not_matter()
    {
        var tokens = BackendRun.Tokens(Prompt);
        using var run = Start(blocks: 64);
        var ascending = run.Run(tokens, 0, run.Table(Prompt), 60);
        var shuffled = new BlockTable();
        int[] numbers = [63, 2, 40, 5, 11, 0, 33, 21, 7, 50];
        foreach (var number in numbers)
            shuffled.Add(number);
        Assert.Equal(ascending, run.Run(tokens, 0, shuffled, 60));
    }

    [Fact]
    public void A_copied_block_serves_like_its_original()
    {
        var tokens = BackendRun.Tokens(Prompt);
        using var run = Start();
        var original = run.Table(Prompt + 1);
        run.Run(tokens, 0, original, Prompt);
        var fork = new BlockTable();
        fork.CopyFrom(original);
        var tail = Prompt / BlockTable.BlockSize;
        var spare = run.Table(1)[0];
        fork[tail] = spare;
        var forked = run.Step(plan =>
        {
            plan.AddCopy(original[tail], spare);
            plan.AddRows([17], Prompt, fork);
        });
        Assert.Equal(run.Step(plan => plan.AddRows([17], Prompt, original)), forked);
        // The fork wrote its own key into its copy: the original goes on with another token, and both stay themselves.
        var other = run.Step(plan => plan.AddRows([18], Prompt, original));
        Assert.NotEqual(forked, other);
        Assert.Equal(forked, run.Step(plan => plan.AddRows([17], Prompt, fork)));
    }

    [Fact]
    public void Stale_content_of_blocks_does_not_matter()
    {
        using var run = Start(blocks: 16);
        var table = run.Table(Prompt);
        var tokens = BackendRun.Tokens(Prompt);
        var fresh = run.Run(tokens[..70], 0, table, 70);
        run.Run(BackendRun.Tokens(Prompt, seed: 9), 0, table, Prompt);
        Assert.Equal(fresh, run.Run(tokens[..70], 0, table, 33));
    }

    [Fact]
    public void What_is_not_a_number_stays_in_its_own_branch()
    {
        const int Bad = 7;
        var model = new TinyModel(TinyModel.SmallConfig, DataType.BF16, notFinite: Bad);
        var tokens = BackendRun.Tokens(70).Select(token => token == Bad ? 0 : token).ToArray();
        using var run = Start(model, blocks: 16);
        var fresh = run.Run(tokens, 0, run.Table(80), 70);
        Assert.DoesNotContain(fresh.SelectMany(row => row), float.IsNaN);
        // The same blocks, full of NaN; and a branch beside it that is NaN itself.
        var stale = run.Table(80);
        Assert.All(run.Run([.. Enumerable.Repeat(Bad, 80)], 0, stale, 80), row => Assert.All(row, logit => Assert.True(float.IsNaN(logit))));
        var beside = run.Step(plan =>
        {
            plan.AddRows([Bad, 1, Bad], 0, run.Table(3));
            plan.AddRows(tokens, 0, stale);
            plan.AddRows([Bad], 0, run.Table(1));
        });
        Assert.Equal(fresh, beside[3..73]);
    }

    private protected BackendRun Start(TinyModel? model = null, int blocks = 512, int maxRows = 256) =>
        new(device.Create(model ?? Model, blocks, maxRows));

    /// <summary>Branches that share a prompt's full blocks and have a tail of their own, and the token each goes on with.</summary>
    private protected static (BlockTable[] Tables, int[] Tokens) Siblings(BackendRun run, int count)
    {
        var prompt = BackendRun.Tokens(Prompt);
        var trunk = run.Table(Prompt);
        run.Run(prompt, 0, trunk, Prompt);
        var full = Prompt / BlockTable.BlockSize;
        var tables = new BlockTable[count];
        for (var i = 0; i < count; i++)
        {
            tables[i] = new BlockTable();
            for (var block = 0; block < full; block++)
                tables[i].Add(trunk[block]);
            run.Extend(tables[i], Prompt + 1);
        }
        run.Step(plan =>
        {
            foreach (var table in tables)
                plan.AddCopy(trunk[full], table[full]);
        });
        return (tables, BackendRun.Tokens(count, seed: 3));
    }

    private protected static void AddAll(StepPlan plan, BlockTable[] tables, int[] tokens)
    {
        for (var i = 0; i < tables.Length; i++)
            plan.AddRows([tokens[i]], Prompt, tables[i]);
    }
}
