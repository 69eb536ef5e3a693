using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;

namespace PassAtK.Benchmarks;

/// <summary>
/// Attention of one layer of smollm2-135m (9 heads of 64, 3 of keys and values) on one thread: `Rows` siblings that have all but their
/// last block in common, over paged keys and values; against softmax(q K) V by <see cref="TensorPrimitives"/>, row by row over keys and
/// values that lie in one piece.
/// </summary>
public class AttentionBenchmark : IHasWork
{
    private static readonly ModelConfig Config = ModelShapes.Get("smollm2-135m") with { LayerCount = 1 };

    private readonly AttentionPlan _plan = new();
    private readonly CpuKernels _kernels = CpuKernels.Of(InstructionSets.Resolve(InstructionSet.Auto));
    private float[] _queries = [];
    private float[] _keys = [];
    private float[] _values = [];
    private float[] _scores = [];
    private float[] _output = [];
    private KeyValueCache _cache = null!;
    private AttentionPhase _phase = null!;
    private NativeBuffer _heads = null!;
    private NativeBuffer _attended = null!;
    private NativeBuffer _scratch = null!;

    [Params(128, 1024)]
    public int Context { get; set; }

    [Params(1, 16)]
    public int Rows { get; set; }

    Work IHasWork.Work => new(
        Rows, 2.0 * sizeof(float) * Config.KeyValueSize * (Context - BlockTable.BlockSize + (Rows * BlockTable.BlockSize)),
        4.0 * Config.QuerySize * Context * Rows);

    [GlobalSetup]
    public void Setup()
    {
        var blocks = Context / BlockTable.BlockSize;
        _cache = new KeyValueCache(Config, blocks + Rows);
        RandomValues.Uniform(_cache.Layer(0).Size / sizeof(float), 1).CopyTo(_cache.Layer(0).Span<float>(0, (int)(_cache.Layer(0).Size / sizeof(float))));
        var plan = new StepPlan();
        for (var row = 0; row < Rows; row++)
        {
            var table = new BlockTable();
            for (var block = 0; block < blocks - 1; block++)
                table.Add(block);
            table.Add(blocks + row);
            plan.AddRows([1], Context - 1, table);
        }
        _plan.Build(plan.Groups, 1);
        var stride = PackedMatrix.Padded(Config.QuerySize + (2 * Config.KeyValueSize));
        _heads = NativeBuffer.OfFloats((long)Rows * stride);
        RandomValues.Uniform((long)Rows * stride, 2).CopyTo(_heads.Span<float>(0, Rows * stride));
        _attended = NativeBuffer.OfFloats((long)Rows * PackedMatrix.Padded(Config.QuerySize));
        _phase = new AttentionPhase(Config, _plan, _cache, _heads, stride, _attended, PackedMatrix.Padded(Config.QuerySize));
        _scratch = NativeBuffer.OfFloats(_phase.ScratchFloats);

        _queries = RandomValues.Uniform(Rows * Config.QuerySize, 3);
        _keys = RandomValues.Uniform((long)Config.KeyValueSize * Context, 4);
        _values = RandomValues.Uniform((long)Config.KeyValueSize * Context, 5);
        _scores = new float[Context];
        _output = new float[Rows * Config.QuerySize];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _scratch.Dispose();
        _attended.Dispose();
        _heads.Dispose();
        _cache.Dispose();
    }

    [Benchmark]
    public void Paged()
    {
        for (var head = 0; head < Config.KeyValueHeadCount; head++)
        {
            for (var task = 0; task < _plan.Tasks.Count; task++)
                _kernels.Attend(_phase, _plan.Tasks[task], head, _scratch, 0);
        }
    }

    [Benchmark(Baseline = true)]
    public void TensorPrimitivesSoftMax()
    {
        var dimension = Config.HeadDimension;
        for (var row = 0; row < Rows; row++)
        {
            for (var head = 0; head < Config.HeadCount; head++)
            {
                var query = _queries.AsSpan((row * Config.QuerySize) + (head * dimension), dimension);
                var output = _output.AsSpan((row * Config.QuerySize) + (head * dimension), dimension);
                var first = head / Config.HeadsPerKeyValueHead * Context * dimension;
                for (var position = 0; position < Context; position++)
                    _scores[position] = TensorPrimitives.Dot(query, _keys.AsSpan(first + (position * dimension), dimension));
                TensorPrimitives.SoftMax(_scores, _scores);
                output.Clear();
                for (var position = 0; position < Context; position++)
                    TensorPrimitives.MultiplyAdd(_values.AsSpan(first + (position * dimension), dimension), _scores[position], output, output);
            }
        }
    }
}
