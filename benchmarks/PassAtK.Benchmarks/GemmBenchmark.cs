using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;

namespace PassAtK.Benchmarks;

/// <summary>
/// Activations `[Rows, 1536]` times F32 weights `[1536, 1536]` on one thread: the packed kernel, a dot product of
/// <see cref="TensorPrimitives"/> for each output, and the plain loop. Weights stay in the second- or third-level cache.
/// </summary>
public class GemmBenchmark : IHasWork
{
    private const int Inputs = 1536;
    private const int Outputs = 1536;

    private readonly PanelProduct _product = new();
    private readonly CpuKernels _kernels = CpuKernels.Of(InstructionSets.Resolve(InstructionSet.Auto));
    private float[] _input = [];
    private float[] _weights = [];
    private float[] _output = [];
    private WorkerPool _pool = null!;
    private PackedMatrix _matrix = null!;
    private NativeBuffer _packedInput = null!;
    private NativeBuffer _packedOutput = null!;
    private NativeBuffer _scratch = null!;

    [Params(1, 8, 64)]
    public int Rows { get; set; }

    Work IHasWork.Work => new(Rows, 4.0 * ((Inputs * Outputs) + (Rows * (Inputs + Outputs))), 2.0 * Rows * Inputs * Outputs);

    [GlobalSetup]
    public void Setup()
    {
        _input = RandomValues.Uniform(Rows * Inputs, 1);
        _weights = RandomValues.Uniform(Inputs * Outputs, 2);
        _output = new float[Rows * Outputs];
        _pool = new WorkerPool(1);
        _matrix = new WeightPacker(new OneMatrix(_weights), _pool).Matrix(DataType.F32, Inputs, ("weight", Outputs));
        _packedInput = NativeBuffer.OfFloats((long)Rows * Inputs);
        _packedOutput = NativeBuffer.OfFloats((long)Rows * Outputs);
        _scratch = NativeBuffer.OfFloats(PanelProduct.ScratchFloats);
        _input.CopyTo(_packedInput.Span<float>(0, _input.Length));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _scratch.Dispose();
        _packedOutput.Dispose();
        _packedInput.Dispose();
        _matrix.Dispose();
        _pool.Dispose();
    }

    [Benchmark]
    public void Packed()
    {
        _product.Set(_matrix, null, null, _packedInput, null, Inputs, _packedOutput, Outputs, Rows, Epilogue.Store, 1);
        for (var item = 0; item < _product.Items; item++)
            _kernels.Multiply(_product, item, _scratch, 0);
    }

    [Benchmark(Baseline = true)]
    public void TensorPrimitivesDot()
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var output = 0; output < Outputs; output++)
                _output[(row * Outputs) + output] = TensorPrimitives.Dot(_input.AsSpan(row * Inputs, Inputs), _weights.AsSpan(output * Inputs, Inputs));
        }
    }

    [Benchmark]
    public void Loop()
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var output = 0; output < Outputs; output++)
            {
                var sum = 0f;
                for (var input = 0; input < Inputs; input++)
                    sum += _input[(row * Inputs) + input] * _weights[(output * Inputs) + input];
                _output[(row * Outputs) + output] = sum;
            }
        }
    }

    /// <summary>Weights as a checkpoint would give them.</summary>
    private sealed class OneMatrix(float[] values) : IWeightSource
    {
        public ModelConfig Config => throw new NotSupportedException();

        public WeightTensor Get(string name) => new Tensor(values);

        public void Dispose()
        {
        }

        private sealed class Tensor(float[] values) : WeightTensor("weight", DataType.F32, Outputs, Inputs)
        {
            public override void ReadRows(int firstRow, Span<byte> destination) =>
                MemoryMarshal.AsBytes(values.AsSpan(firstRow * Inputs))[..destination.Length].CopyTo(destination);
        }
    }
}
