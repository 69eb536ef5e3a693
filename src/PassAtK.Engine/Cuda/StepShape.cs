namespace PassAtK.Engine.Cuda;

/// <summary>What decides which launches a step consists of: steps of one shape run one captured graph.</summary>
/// <param name="Rows">Rows that the launches have room for: a rung of <see cref="RowLadder"/>; 0 where the step only copies blocks.</param>
/// <param name="LogitsRows">The same for rows of logits.</param>
/// <param name="AttentionLevels">Launches of attention per layer.</param>
/// <param name="Merges">Whether some row's attention is spread over several splits.</param>
/// <param name="IsMarked">Whether device events tell what each launch takes.</param>
internal readonly record struct StepShape(int Rows, int LogitsRows, int AttentionLevels, bool Merges, bool IsMarked = false);
