using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Execution;

/// <summary>
/// One model on one device, with a paged KV cache of its own. Each row's result depends on the tokens of its branch alone: not on the
/// other rows, their order, the blocks' numbers or the number of threads, bit for bit.
/// </summary>
public interface IBackend : IDisposable
{
    ModelConfig Config { get; }

    /// <summary>Device kind as stored with a run: `cpu`, `cuda sm_90 gemm`. Backends of one name give the same bits.</summary>
    string Name { get; }

    /// <summary>KV blocks of <see cref="BlockTable.BlockSize"/> positions.</summary>
    int BlockCount { get; }

    /// <summary>Most rows in a step.</summary>
    int MaxRows { get; }

    /// <summary>Steps that may be submitted before the first of them is collected, at least 1.</summary>
    int PipelineDepth { get; }

    /// <summary>
    /// Begins one step: copies blocks, computes all rows, writes their keys and values into their blocks, draws. Steps take effect in the
    /// order of submission, whenever they run: blocks hold what earlier steps left in them, and within a step the rows' keys and values
    /// are in place before any row attends. The plan must stay as it is until collected; its block tables are read in this call alone.
    /// Call from one thread at a time.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The plan exceeds the backend's rows, positions, blocks, vocabulary or the step before's draws.
    /// </exception>
    /// <exception cref="InvalidOperationException">As many steps are in flight as may be.</exception>
    void Submit(StepPlan plan);

    /// <summary>Waits for the oldest step in flight and fills its plan's `Draws`.</summary>
    /// <exception cref="InvalidOperationException">No step is in flight.</exception>
    void Collect();
}
