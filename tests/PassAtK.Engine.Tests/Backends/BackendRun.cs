using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Backends;

/// <summary>A backend on a tiny model, and sequences run through it in chosen steps.</summary>
internal class BackendRun(IBackend backend) : IDisposable
{
    private readonly StepPlan _plan = new();
    private int _nextBlock;

    public IBackend Backend { get; } = backend;

    public static int[] Tokens(int count, int seed = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(TinyModel.SmallConfig.VocabularySize))];
    }

    /// <summary>A table with fresh blocks for so many positions.</summary>
    public BlockTable Table(int positions)
    {
        var table = new BlockTable();
        Extend(table, positions);
        return table;
    }

    public void Extend(BlockTable table, int positions)
    {
        while (table.Count * BlockTable.BlockSize < positions)
            table.Add(_nextBlock++);
    }

    /// <summary>Runs tokens from a position on in steps of `chunk`; returns the logits of all of them, `[tokens][vocabulary]`.</summary>
    public float[][] Run(int[] tokens, int firstPosition, BlockTable table, int chunk)
    {
        var logits = new List<float[]>();
        for (var done = 0; done < tokens.Length; done += chunk)
        {
            var (first, end) = (done, Math.Min(done + chunk, tokens.Length));
            logits.AddRange(Step(plan => plan.AddRows(tokens.AsSpan(first..end), firstPosition + first, table)));
        }
        return [.. logits];
    }

    /// <summary>One step; returns the logits of all its rows.</summary>
    public float[][] Step(Action<StepPlan> build)
    {
        _plan.Clear();
        build(_plan);
        for (var row = 0; row < _plan.RowCount; row++)
            _plan.AddDraws(row, new SamplingParameters(), 0, 0, 0, [0]);
        var vocabulary = Backend.Config.VocabularySize;
        var logits = new float[_plan.RowCount * vocabulary];
        BackendUnderTest.ComputeLogits(Backend, _plan, logits);
        return [.. logits.Chunk(vocabulary)];
    }

    public void Dispose() => Backend.Dispose();
}
