using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cpu;

/// <summary>The token ids that a step feeds: references to draws of the step before (<see cref="StepPlan.Drawn"/>) are looked up.</summary>
internal sealed class FedTokens
{
    private int[] _tokens = [];
    private int[] _drawn = [];

    /// <summary>Draws of the step before.</summary>
    public int DrawCount { get; private set; }

    /// <summary>`[rows]`, and maybe more; valid until the next call.</summary>
    public int[] Resolve(StepPlan plan)
    {
        var tokens = plan.Tokens;
        if (_tokens.Length < tokens.Length)
            _tokens = new int[Math.Max(tokens.Length, 2 * _tokens.Length)];
        for (var row = 0; row < tokens.Length; row++)
            _tokens[row] = tokens[row] >= 0 ? tokens[row] : _drawn[~tokens[row]];
        return _tokens;
    }

    /// <summary>Keeps what a step drew for the next one; a failed row's token reads as 0.</summary>
    public void Remember(ReadOnlySpan<TokenDraw> draws)
    {
        if (_drawn.Length < draws.Length)
            _drawn = new int[Math.Max(draws.Length, 2 * _drawn.Length)];
        for (var slot = 0; slot < draws.Length; slot++)
            _drawn[slot] = Math.Max(draws[slot].Token, 0);
        DrawCount = draws.Length;
    }
}
