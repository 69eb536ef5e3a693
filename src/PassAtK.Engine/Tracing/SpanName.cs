namespace PassAtK.Engine.Tracing;

/// <summary>What the spans of a trace measure; `docs/profiling.md` says where each begins and ends.</summary>
public enum SpanName : byte
{
    /// <summary>One call of the scheduler: plan, compute, commit.</summary>
    Step,
    Plan,
    Submit,
    Wait,
    Commit,

    /// <summary>All that the backend does for a step, from its first phase to its last draw.</summary>
    Compute,
    Copy,
    Gather,
    Norm,
    QueryKeyValue,
    Rope,
    Attention,
    AttentionMerge,
    AttentionOutput,
    GateUp,
    Activation,
    Down,
    FinalNorm,
    Logits,
    Sampling,

    /// <summary>A worker of the CPU backend has items of a fork.</summary>
    Work,

    /// <summary>The sampling thread hands a batch of samples to the thread that stores.</summary>
    HandOver,
    Store,
    Grade,
}

/// <summary>What the counter tracks of a trace show, a value a step.</summary>
public enum CounterName : byte
{
    Rows,
    Tokens,
    Branches,
    CacheBlocks,
}

internal static class TraceNames
{
    public static readonly int SpanCount = Enum.GetValues<SpanName>().Length;

    private static readonly string[] Spans =
    [
        "step", "plan", "submit", "wait", "commit", "compute", "copy blocks", "gather embedding", "norm", "qkv", "rope + store kv", "attention",
        "attention merge", "attention output", "gate + up", "silu", "down", "final norm", "logits", "sampling", "work", "hand over", "store",
        "grade",
    ];

    private static readonly string[] Counters = ["rows", "tokens", "branches", "cache blocks"];

    public static string Text(SpanName name) => Spans[(int)name];

    public static string Text(CounterName name) => Counters[(int)name];

    /// <summary>What the number of a span counts.</summary>
    public static string Detail(SpanName name) => name switch
    {
        SpanName.Step => "step",
        SpanName.Compute or SpanName.Gather or SpanName.Sampling or SpanName.Logits or SpanName.FinalNorm => "rows",
        SpanName.HandOver or SpanName.Store or SpanName.Grade => "samples",
        SpanName.Work or SpanName.Copy => "items",
        _ => "layer",
    };
}
