using System.Runtime.InteropServices;
using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Tests.Reference;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

public class WeightUploadTests
{
    [Theory]
    [InlineData(DataType.BF16)]
    [InlineData(DataType.F16)]
    public void Every_weight_arrives_in_its_place_and_zeros_between_them(DataType type)
    {
        var config = TinyModel.SmallConfig with { QueryKeyValueBias = true, OutputBias = true, QueryKeyNorm = true };
        var model = new TinyModel(config, type);
        using var backend = CudaUnderTest.Start(model, blocks: 4, maxRows: 4);
        var memory = new byte[backend.Weights.Size];
        backend.Weights.Read(0, memory);
        foreach (var place in backend.Weights.Layout.Places)
        {
            var values = model.Values(place.Tensor);
            for (var row = 0; row < place.Rows; row++)
            {
                var bytes = memory.AsSpan((int)place.Offset + (row * place.RowBytes), place.RowBytes);
                for (var column = 0; column < place.Columns; column++)
                    Assert.Equal(values[(row * place.Columns) + column], Value(bytes, column, place.IsVector ? DataType.F32 : type));
                bytes.Clear();
            }
        }
        // What no tensor covers, and the ends of padded rows, which are cleared with them: all zeros before and now.
        Assert.All(memory, value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_ends_of_padded_rows_are_zeros()
    {
        var model = new TinyModel(TinyModel.SmallConfig, DataType.BF16);
        using var backend = CudaUnderTest.Start(model, blocks: 4, maxRows: 4);
        var place = backend.Weights.Layout.Places[0];
        var row = new ushort[72];
        for (var i = 0; i < place.Rows; i++)
        {
            backend.Weights.Read(place.Offset + (i * place.RowBytes), MemoryMarshal.AsBytes(row.AsSpan()));
            Assert.NotEqual(0, row[69]);
            Assert.Equal([0, 0], row[70..]);
        }
    }

    [Fact]
    public void Threads_that_share_a_tensor_upload_what_one_would()
    {
        SimtDevice.Require();
        using var context = CudaContext.Create();
        var model = new RandomWeights(TinyModel.SmallConfig, DataType.BF16, seed: 3);
        Assert.Equal(Upload(int.MaxValue), Upload(200));

        byte[] Upload(int leastPiece)
        {
            var layout = new WeightLayout(new DeviceShape(model.Config));
            using var memory = new CudaDeviceVariable<byte>(context, layout.Size);
            using (var upload = new WeightUpload(context, layout, leastPiece))
                upload.Run(model, memory);
            var bytes = new byte[layout.Size];
            memory.CopyTo(bytes);
            return bytes;
        }
    }

    [Fact]
    public void What_a_tensor_says_when_it_cannot_be_read_is_what_the_caller_hears()
    {
        SimtDevice.Require();
        using var context = CudaContext.Create();
        var layout = new WeightLayout(new DeviceShape(TinyModel.SmallConfig));
        using var memory = new CudaDeviceVariable<byte>(context, layout.Size);
        using var upload = new WeightUpload(context, layout, leastPiece: 200);
        Assert.Equal("unreadable", Assert.Throws<InputException>(() => upload.Run(new Unreadable(), memory)).Message);
    }

    private sealed class Unreadable : IWeightSource
    {
        private readonly ModelLayout _layout = new(TinyModel.SmallConfig);

        public ModelConfig Config => TinyModel.SmallConfig;

        public WeightTensor Get(string name) => new Tensor(_layout.Find(name)!);

        public void Dispose()
        {
        }

        private sealed class Tensor(TensorShape shape) : WeightTensor(shape.Name, DataType.BF16, shape.Rows, shape.Columns)
        {
            public override void ReadRows(int firstRow, Span<byte> destination) => throw new InputException("unreadable");
        }
    }

    private static double Value(ReadOnlySpan<byte> row, int column, DataType type) => type switch
    {
        DataType.F32 => MemoryMarshal.Cast<byte, float>(row)[column],
        DataType.F16 => (double)MemoryMarshal.Cast<byte, Half>(row)[column],
        _ => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Cast<byte, ushort>(row)[column] << 16),
    };
}
