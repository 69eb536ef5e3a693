using System.Runtime.CompilerServices;
using PassAtK.Cuda;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// The launches of a step, in order, onto one stream: captured once for each <see cref="StepShape"/>. How many rows a step really has,
/// kernels read from its uploaded counts.
/// </summary>
internal sealed class StepLaunches(
    DeviceShape shape, DeviceWeights weights, KeyValueMemory cache, RotaryTable rope, StepKernels kernels, IMatrixProduct products,
    Workspace workspace, CudaStream stream, LaunchMarks? marks)
{
    private readonly DeviceLayer[] _layers = [.. weights.Layout.Layers.Select(place => new DeviceLayer(weights, place))];
    private readonly DeviceProjection _output = weights.Projection(weights.Layout.Output);

    /// <summary>Makes ready what the launches of every rung need, so that no step waits for a compiler.</summary>
    public void PrepareAll(int maxRows)
    {
        foreach (var rows in RowLadder.Rungs(maxRows))
            Prepare(new StepShape(rows, Math.Min(rows, workspace.LogitsRows), 1, false));
    }

    /// <summary>Makes ready what the launches of a shape need beyond the kernels loaded: to be called before they are captured.</summary>
    public void Prepare(StepShape step)
    {
        if (step.Rows == 0)
            return;
        foreach (var projection in new[] { _layers[0].QueryKeyValue, _layers[0].AttentionOutput, _layers[0].GateUp, _layers[0].Down })
            products.Prepare(projection, toF32: false, step.Rows);
        for (var part = 0; part < Parts(step.LogitsRows); part++)
            products.Prepare(_output, toF32: true, RowsOfPart(step, part));
    }

    /// <summary>Copies blocks, then computes all rows up to the last layer.</summary>
    public void Rows(StepShape step, StepLayout layout)
    {
        // Where there is none, an idle launch costs less than twice as many graphs.
        Copy(layout);
        Mark(step, SpanName.Copy, -1);
        if (step.Rows == 0)
            return;
        kernels.Gather.Launch(
            new GatherEmbeddingParams
            {
                Embedding = weights.At(weights.Layout.Embedding),
                Tokens = At(layout, StepArray.Tokens),
                Previous = workspace.Draws.Pointer,
                Residual = workspace.Residual,
                RowCount = Count(layout, StepCounts.Rows),
                Hidden = shape.Config.HiddenSize,
                Vocabulary = shape.Config.VocabularySize,
            },
            step.Rows,
            stream);
        Mark(step, SpanName.Gather, step.Rows);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            Norm(step, layout, _layers[layer].InputNorm, layer == 0 ? default : workspace.Delta);
            Mark(step, SpanName.Norm, layer);
            Attention(step, layout, layer);
            Norm(step, layout, _layers[layer].FeedForwardNorm, workspace.Delta);
            Mark(step, SpanName.Norm, layer);
            FeedForward(step, layout, layer);
        }
    }

    /// <summary>Final norm and output projection of the rows of logits of one part.</summary>
    public void Logits(StepShape step, StepLayout layout, int part)
    {
        var rows = RowsOfPart(step, part);
        var count = Count(layout, StepCounts.FirstPart + part);
        kernels.Norm.Launch(
            NormParams(weights.At(weights.Layout.FinalNorm), workspace.Delta, count) with
            {
                SourceRows = At(layout, StepArray.LogitsSources) + ((long)part * workspace.LogitsRows * sizeof(int)),
            },
            rows,
            stream);
        Mark(step, SpanName.FinalNorm, rows);
        products.Launch(_output, workspace.Normed, workspace.Logits, toF32: true, count, rows, stream);
        Mark(step, SpanName.Logits, rows);
    }

    /// <summary>Draws from the logits of one part.</summary>
    public void Draw(StepShape step, StepLayout layout, int part)
    {
        var rows = RowsOfPart(step, part);
        kernels.Sampler.Launch(
            new SampleNucleusParams
            {
                Logits = workspace.Logits,
                Rows = At(layout, StepArray.SampleRows) + ((long)part * workspace.LogitsRows * Unsafe.SizeOf<SampleNucleusRow>()),
                Samples = At(layout, StepArray.Samples),
                Draws = workspace.Draws.Pointer,
                Workspace = workspace.SamplerScratch,
                RowCount = Count(layout, StepCounts.FirstPart + part),
                RowStride = shape.Vocabulary,
                Vocabulary = shape.Config.VocabularySize,
            },
            rows,
            stream);
        Mark(step, SpanName.Sampling, rows);
    }

    /// <summary>Parts that so many rows of logits are computed in.</summary>
    public int Parts(int logitsRows) => (logitsRows + workspace.LogitsRows - 1) / workspace.LogitsRows;

    private void Copy(StepLayout layout) => kernels.Copy.Launch(
        new CopyBlocksParams
        {
            Cache = cache.Layer(0),
            Copies = At(layout, StepArray.Copies),
            CopyCount = Count(layout, StepCounts.Copies),
            LayerStride = cache.LayerElements,
            BlockElements = cache.BlockElements,
            Layers = shape.Config.LayerCount,
        },
        stream);

    private void Norm(StepShape step, StepLayout layout, DevicePointer weight, DevicePointer delta) =>
        kernels.Norm.Launch(NormParams(weight, delta, Count(layout, StepCounts.Rows)), step.Rows, stream);

    private RmsNormParams NormParams(DevicePointer weight, DevicePointer delta, DevicePointer count) => new()
    {
        Residual = workspace.Residual,
        Delta = delta,
        Weight = weight,
        Output = workspace.Normed,
        RowCount = count,
        Hidden = shape.Config.HiddenSize,
        Epsilon = shape.Config.RmsNormEpsilon,
    };

    private void Attention(StepShape step, StepLayout layout, int index)
    {
        var layer = _layers[index];
        var config = shape.Config;
        var count = Count(layout, StepCounts.Rows);
        Multiply(layer.QueryKeyValue, workspace.Normed, workspace.Heads);
        Mark(step, SpanName.QueryKeyValue, index);
        kernels.Rope.Launch(
            new RopeStoreKvParams
            {
                Heads = workspace.Heads,
                Cache = cache.Layer(index),
                Positions = At(layout, StepArray.Positions),
                Slots = At(layout, StepArray.CacheSlots),
                Rope = rope.Pointer,
                QueryNorm = layer.QueryNorm,
                KeyNorm = layer.KeyNorm,
                RowCount = count,
                HeadCount = config.HeadCount,
                KeyValueHeads = config.KeyValueHeadCount,
                Epsilon = config.RmsNormEpsilon,
            },
            step.Rows,
            stream);
        Mark(step, SpanName.Rope, index);
        for (var level = 0; level < step.AttentionLevels; level++)
        {
            kernels.Attention.LaunchSegments(SegmentsParams(layout, index, level), stream);
            Mark(step, SpanName.Attention, index);
        }
        if (step.Merges)
        {
            kernels.Attention.LaunchMerge(MergeParams(layout), stream);
            Mark(step, SpanName.AttentionMerge, index);
        }
        Multiply(layer.AttentionOutput, workspace.Attended, workspace.Delta);
        Mark(step, SpanName.AttentionOutput, index);

        void Multiply(DeviceProjection projection, DevicePointer input, DevicePointer output) =>
            products.Launch(projection, input, output, toF32: false, count, step.Rows, stream);
    }

    private AttentionSegmentsParams SegmentsParams(StepLayout layout, int layer, int level) => new()
    {
        Queries = workspace.Heads,
        Cache = cache.Layer(layer),
        Items = At(layout, StepArray.AttentionItems),
        Range = At(layout, StepArray.AttentionRanges) + ((long)level * Unsafe.SizeOf<AttentionRange>()),
        Blocks = At(layout, StepArray.AttentionBlocks),
        Positions = At(layout, StepArray.Positions),
        StateSums = workspace.StateSums.Pointer,
        StateOutputs = workspace.StateOutputs.Pointer,
        Output = workspace.Attended,
        QueryStride = shape.Heads,
    };

    private AttentionMergeParams MergeParams(StepLayout layout) => new()
    {
        StateSums = workspace.StateSums.Pointer,
        StateOutputs = workspace.StateOutputs.Pointer,
        Rows = At(layout, StepArray.MergeRows),
        Slots = At(layout, StepArray.MergeSlots),
        RowCount = Count(layout, StepCounts.MergeRows),
        Output = workspace.Attended,
    };

    private void FeedForward(StepShape step, StepLayout layout, int index)
    {
        var layer = _layers[index];
        var count = Count(layout, StepCounts.Rows);
        products.Launch(layer.GateUp, workspace.Normed, workspace.GateUp, toF32: false, count, step.Rows, stream);
        Mark(step, SpanName.GateUp, index);
        kernels.Silu.Launch(
            new SiluMultiplyParams
            {
                GateUp = workspace.GateUp,
                Output = workspace.Activated,
                RowCount = count,
                Width = shape.Config.IntermediateSize,
            },
            step.Rows,
            stream);
        Mark(step, SpanName.Activation, index);
        products.Launch(layer.Down, workspace.Activated, workspace.Delta, toF32: false, count, step.Rows, stream);
        Mark(step, SpanName.Down, index);
    }

    private void Mark(StepShape step, SpanName name, int detail)
    {
        if (step.IsMarked)
            marks!.End(name, detail);
    }

    private int RowsOfPart(StepShape step, int part) => Math.Min(workspace.LogitsRows, step.LogitsRows - (part * workspace.LogitsRows));

    private DevicePointer At(StepLayout layout, StepArray array) => workspace.Step.Pointer + layout.Offset(array);

    private DevicePointer Count(StepLayout layout, int index) => At(layout, StepArray.Counts) + ((long)index * sizeof(int));
}
