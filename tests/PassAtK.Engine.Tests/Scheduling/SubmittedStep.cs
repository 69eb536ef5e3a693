using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Tests.Scheduling;

/// <summary>
/// A plan as it was when submitted, block tables included. Its draws reach the plan when it is collected; until then the plan holds
/// nonsense, and it must not have changed.
/// </summary>
internal sealed class SubmittedStep
{
    private static readonly TokenDraw NotYet = new(int.MaxValue, float.NaN, float.NaN);

    private SubmittedStep? _before;
    private readonly int[] _tokens;

    public SubmittedStep(StepPlan plan, SubmittedStep? before)
    {
        Plan = plan;
        Copies = plan.Copies.ToArray();
        Groups = [.. plan.Groups.ToArray().Select(group => (group, group.Blocks.Blocks.ToArray()))];
        Logits = plan.Logits.ToArray();
        Samples = plan.Samples.ToArray();
        Draws = new TokenDraw[Samples.Length];
        _tokens = plan.Tokens.ToArray();
        _before = before;
        foreach (var token in _tokens)
            Assert.True(token >= 0 || ~token < before!.Draws.Length, "a reference to a slot that the step before does not have");
        plan.Draws.Fill(NotYet);
        // Else each would keep all before it alive.
        if (before is { HasRun: true })
            before._before = null;
    }

    public StepPlan Plan { get; }

    public BlockCopy[] Copies { get; }

    public (RowGroup Group, int[] Blocks)[] Groups { get; }

    public LogitsRow[] Logits { get; }

    public int[] Samples { get; }

    public TokenDraw[] Draws { get; }

    public bool HasRun { get; set; }

    public int TokenOf(int row)
    {
        var token = _tokens[row];
        if (token >= 0)
            return token;
        Assert.True(_before!.HasRun, "steps run out of order");
        return Math.Max(_before.Draws[~token].Token, 0);
    }

    /// <summary>Hands out the draws.</summary>
    public void Hand()
    {
        Assert.Equal(Copies, Plan.Copies.ToArray());
        Assert.Equal(Groups.Select(group => group.Group), Plan.Groups.ToArray());
        Assert.Equal(_tokens, Plan.Tokens.ToArray());
        Assert.Equal(Logits, Plan.Logits.ToArray());
        Assert.Equal(Samples, Plan.Samples.ToArray());
        Assert.All(Plan.Draws.ToArray(), draw => Assert.Equal(NotYet, draw));
        Draws.CopyTo(Plan.Draws);
    }
}
