using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Execution;

/// <summary>
/// One model on one device, with a paged KV cache of its own. Each row's result depends on the tokens of its branch alone: not on the
/// other rows, their order, the blocks' numbers or the number of threads, bit for bit.
/// </summary>
public interface IBackend : IDisposable
{
    ModelConfig Config { get; }

    /// <summary>Device kind as stored with a run: `cpu`, `cuda sm_90`.</summary>
    string Name { get; }

    /// <summary>KV blocks of <see cref="BlockTable.BlockSize"/> positions.</summary>
    int BlockCount { get; }

    /// <summary>Most rows in a step.</summary>
    int MaxRows { get; }

    /// <summary>
    /// Runs one step: copies blocks, computes all rows, writes their keys and values into their blocks, and fills `plan.Draws`.
    /// Blocks hold what earlier steps left in them. Call from one thread at a time.
    /// </summary>
    /// <exception cref="ArgumentException">More rows than <see cref="MaxRows"/>.</exception>
    void Execute(StepPlan plan);
}
