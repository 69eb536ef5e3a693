using CsCheck;

namespace PassAtK.Cuda.Tests.Interop;

public class DeviceMemoryTests
{
    [Fact]
    public void What_is_written_anywhere_in_a_device_array_is_read_back()
    {
        using var device = new DeviceFixture();
        Gen.Select(Gen.Long.Array[1, 300], Gen.Int[0, 50], Gen.Int[0, 50]).Sample((values, before, after) =>
        {
            using var variable = new CudaDeviceVariable<long>(device.Context, before + values.Length + after);
            variable.Fill(0xff);
            variable.CopyFrom(values, before);
            long[] expected = [.. Enumerable.Repeat(-1L, before), .. values, .. Enumerable.Repeat(-1L, after)];
            Assert.Equal(expected, variable.Values());
            var part = new long[values.Length];
            variable.CopyTo(part, before);
            Assert.Equal(values, part);
        }, iter: 50, threads: 1);
    }

    [Fact]
    public void Addresses_count_in_values()
    {
        using var device = new DeviceFixture();
        using var variable = new CudaDeviceVariable<int>(device.Context, 10);
        Assert.Equal(40, variable.SizeInBytes);
        Assert.Equal(variable.Pointer + 12, variable.At(3));
        Assert.Equal(variable.Pointer + 40, variable.At(10));
    }

    [Fact]
    public void An_empty_array_exists_and_copies_nothing()
    {
        using var device = new DeviceFixture();
        using var variable = new CudaDeviceVariable<int>(device.Context, 0);
        variable.CopyFrom([]);
        variable.Fill(1);
        Assert.Empty(variable.Values());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(8, 3)]
    [InlineData(11, 0)]
    public void Ranges_outside_an_array_are_refused(int at, int count)
    {
        using var device = new DeviceFixture();
        using var variable = device.Upload(new int[10]);
        using var pinned = new PinnedBuffer<int>(device.Context, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyFrom(new int[count], at));
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyTo(new int[count], at));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Stream.CopyToDevice(pinned, at, variable.Pointer, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Stream.CopyToHost(variable.Pointer, pinned, at, count));
    }

    [Fact]
    public void Pinned_memory_starts_as_zeros_and_travels_both_ways_in_stream_order()
    {
        using var device = new DeviceFixture();
        using var to = new PinnedBuffer<short>(device.Context, 100);
        using var from = new PinnedBuffer<short>(device.Context, 100);
        using var variable = new CudaDeviceVariable<short>(device.Context, 100);
        using var copy = new CudaDeviceVariable<short>(device.Context, 100);
        Assert.All(to.Span.ToArray(), value => Assert.Equal(0, value));
        for (var i = 0; i < 100; i++)
            from[i] = (short)(i * 31);
        variable.Fill(0, device.Stream);
        device.Stream.CopyToDevice(from, 20, variable.At(5), 50);
        device.Stream.CopyOnDevice(variable.Pointer, copy.Pointer, variable.SizeInBytes);
        device.Stream.CopyToHost(copy.At(5), to, 1, 50);
        device.Stream.Synchronize();
        Assert.True(device.Stream.IsDone);
        Assert.Equal([0, .. from.Span[20..70], .. new short[49]], to.Span.ToArray());
    }

    [Fact]
    public void More_memory_than_the_device_has_is_refused_in_words()
    {
        using var device = new DeviceFixture();
        var error = Assert.Throws<CudaException>(() => new CudaDeviceVariable<byte>(device.Context, device.Context.Memory().Total * 2));
        Assert.Contains("cuMemAlloc of ", error.Message, StringComparison.Ordinal);
    }
}
