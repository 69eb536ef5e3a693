using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class RopeStoreKvTests
{
    private const int BlockSize = 16;
    private const int Blocks = 3;
    private const int Positions = 50;
    private const float Epsilon = 1e-6f;

    private readonly record struct Turn(float Cosine, float Sine);

    [Theory]
    [InlineData(16, false)]
    [InlineData(32, false)]
    [InlineData(48, true)]
    [InlineData(64, false)]
    [InlineData(80, false)]
    [InlineData(96, false)]
    [InlineData(128, false)]
    [InlineData(128, true)]
    public void Queries_turn_in_place_and_keys_and_values_reach_their_slots(int dimension, bool isF16) => KernelDevice.InEachMode(device =>
    {
        // Dimensions differ in how many lanes work: the checked mode looks at lanes to spare and at none.
        if (device.IsChecked && dimension is not (80 or 128))
            return;
        var random = new RandomRows(dimension);
        var format = new ElementFormat(isF16);
        for (var group = 1; group <= 8; group++)
            new Case(random, format, dimension, random.Int(1, 3), group, withNorms: group % 2 == 0).Check(device);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    [InlineData(144)]
    public void Head_dimensions_that_the_kernel_cannot_divide_are_refused(int dimension) => KernelDevice.InEachMode(device =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RopeStoreKv(device.Compiler, dimension, elementF16: false)));

    /// <summary>Random rows of one shape, each with a slot of its own.</summary>
    private sealed class Case
    {
        private const int MaxRows = 6;

        private readonly ElementFormat _format;
        private readonly int _dimension;
        private readonly int _keyValueHeads;
        private readonly int _queryHeads;
        private readonly int _rows;
        private readonly ushort[] _heads;
        private readonly int[] _positions;
        private readonly int[] _slots;
        private readonly Turn[] _rope;
        private readonly float[]? _queryNorm;
        private readonly float[]? _keyNorm;

        public Case(RandomRows random, ElementFormat format, int dimension, int keyValueHeads, int group, bool withNorms)
        {
            (_format, _dimension, _keyValueHeads, _queryHeads) = (format, dimension, keyValueHeads, keyValueHeads * group);
            _rows = random.Int(1, MaxRows);
            _heads = random.Elements(format, MaxRows * HeadsPerRow * dimension);
            _positions = Enumerable.Range(0, MaxRows).Select(_ => random.Int(0, Positions - 1)).ToArray();
            _slots = random.Shuffled(Blocks * BlockSize)[..MaxRows];
            _rope = new Turn[Positions * dimension / 2];
            for (var index = 0; index < _rope.Length; index++)
            {
                var angle = random.Float(10);
                _rope[index] = new Turn(MathF.Cos(angle), MathF.Sin(angle));
            }
            _queryNorm = withNorms ? random.Floats(dimension) : null;
            _keyNorm = withNorms ? random.Floats(dimension) : null;
        }

        private int HeadsPerRow => _queryHeads + (2 * _keyValueHeads);

        public void Check(KernelDevice device)
        {
            var heads = device.Upload<ushort>(_heads);
            var cache = device.Upload<ushort>(RandomRows.Poisoned(Blocks * 2 * _keyValueHeads * BlockSize * _dimension));
            var parameters = new RopeStoreKvParams
            {
                Heads = heads.Pointer,
                Cache = cache.Pointer,
                Positions = device.Upload<int>(_positions).Pointer,
                Slots = device.Upload<int>(_slots).Pointer,
                Rope = device.Upload<Turn>(_rope).Pointer,
                QueryNorm = _queryNorm is null ? default : device.Upload<float>(_queryNorm).Pointer,
                KeyNorm = _keyNorm is null ? default : device.Upload<float>(_keyNorm).Pointer,
                RowCount = device.Upload(_rows).Pointer,
                HeadCount = _queryHeads,
                KeyValueHeads = _keyValueHeads,
                Epsilon = Epsilon,
            };
            new RopeStoreKv(device.Compiler, _dimension, _format.IsF16).Launch(parameters, MaxRows, device.Stream);
            var headsAfter = device.Download(heads);
            var cacheAfter = device.Download(cache);

            for (var row = 0; row < MaxRows; row++)
            {
                for (var head = 0; head < HeadsPerRow; head++)
                    CheckHead(row, head, headsAfter, cacheAfter);
            }
            // Whatever is not a row's slot is as it was.
            Assert.All(cacheAfter, value => Assert.Equal(RandomRows.Poison, value));
        }

        private void CheckHead(int row, int head, ushort[] headsAfter, ushort[] cacheAfter)
        {
            var first = ((row * HeadsPerRow) + head) * _dimension;
            var before = _heads.AsSpan(first, _dimension);
            var after = headsAfter.AsSpan(first, _dimension);
            var stored = head < _queryHeads || row >= _rows ? after : cacheAfter.AsSpan(PlaceInCache(_slots[row], head - _queryHeads), _dimension);
            if (row >= _rows || head >= _queryHeads)
                Assert.True(before.SequenceEqual(after), "only the queries of the step's rows change in place");
            if (row < _rows && head >= _queryHeads + _keyValueHeads)
                Assert.True(before.SequenceEqual(stored), "values are stored as they are");
            else if (row < _rows)
                CheckTurned(row, head, before, stored);
            if (row < _rows && head >= _queryHeads)
                stored.Fill(RandomRows.Poison);
        }

        private void CheckTurned(int row, int head, ReadOnlySpan<ushort> before, ReadOnlySpan<ushort> turned)
        {
            var norm = head < _queryHeads ? _queryNorm : _keyNorm;
            var values = new double[_dimension];
            for (var index = 0; index < _dimension; index++)
                values[index] = _format.Value(before[index]);
            if (norm is not null)
            {
                var scale = 1 / Math.Sqrt(values.Average(value => value * value) + Epsilon);
                for (var index = 0; index < _dimension; index++)
                    values[index] *= scale * norm[index];
            }
            for (var index = 0; index < _dimension / 2; index++)
            {
                var (low, high) = (values[index], values[index + (_dimension / 2)]);
                var turn = _rope[(_positions[row] * _dimension / 2) + index];
                var error = (Math.Abs(low) + Math.Abs(high)) * 2e-6;
                var what = $"{_format} D {_dimension} row {row} head {head} of {_queryHeads} + 2 x {_keyValueHeads}, pair {index}";
                _format.AssertRounded((low * turn.Cosine) - (high * turn.Sine), turned[index], error, what);
                _format.AssertRounded((high * turn.Cosine) + (low * turn.Sine), turned[index + (_dimension / 2)], error, what);
            }
        }

        /// <summary><paramref name="head"/> counts the KV heads' keys, then their values.</summary>
        private int PlaceInCache(int slot, int head)
        {
            var ofBlock = (slot / BlockSize * 2 * _keyValueHeads) + head;
            return ((ofBlock * BlockSize) + (slot % BlockSize)) * _dimension;
        }
    }
}
