using PassAtK.Engine.Execution;
using static PassAtK.Engine.Cpu.AttentionPlan;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Attention of a task's rows for one key/value head. Query i of the task is query head i % HeadsPerKeyValueHead of row
/// i / HeadsPerKeyValueHead. Each query carries, through the tiles of a split, the running maximum m of its scores, the sum l of
/// e^(score - m) and the output o, a sum of e^(score - m) times the values; at the end of a split they are merged into (tm, tl, t), the
/// state of the splits before. All of it is the same sequence of operations whichever queries share a tile.
/// Source: online softmax, Milakov and Gimelshein, arXiv 1805.02867.
/// </summary>
internal unsafe ref struct AttentionKernels<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    private readonly AttentionPhase _phase;
    private readonly int _keyValueHead;
    private readonly int _group;
    private readonly int _dimension;

    /// <summary>Floats from one query (output, value) to the next.</summary>
    private readonly int _stride;

    private readonly float* _q;
    private readonly float* _o;
    private readonly float* _t;
    private readonly float* _m;
    private readonly float* _l;
    private readonly float* _tm;
    private readonly float* _tl;

    /// <summary>`[8, 64]`: scores, then probabilities of a register tile's queries.</summary>
    private readonly float* _scores;

    /// <summary>`[8]`: what a new maximum multiplies the outputs by.</summary>
    private readonly float* _rescale;

    private AttentionKernels(AttentionPhase phase, int keyValueHead, float* scratch)
    {
        _phase = phase;
        _keyValueHead = keyValueHead;
        _group = phase.Config.HeadsPerKeyValueHead;
        _dimension = phase.Config.HeadDimension;
        _stride = phase.Cache.ValueStride;
        var queries = phase.TaskQueries;
        _q = scratch;
        _o = _q + ((long)queries * _stride);
        _t = _o + ((long)queries * _stride);
        _m = _t + ((long)queries * _stride);
        _l = _m + queries;
        _tm = _l + queries;
        _tl = _tm + queries;
        _scores = _tl + queries;
        _rescale = _scores + (8 * TileSize);
    }

    /// <summary>
    /// Computes a task for one key/value head; `scratch` has <see cref="AttentionPhase.ScratchFloats"/> floats of this worker's own.
    /// </summary>
    public static void Run(AttentionPhase phase, in AttentionTask task, int keyValueHead, float* scratch) =>
        new AttentionKernels<TSimd, V>(phase, keyValueHead, scratch).Run(task);

    private void Run(in AttentionTask task)
    {
        for (var i = 0; i < task.RowCount; i++)
            Begin(task.FirstRow + i, i * _group);
        for (var i = 0; i < task.SegmentCount; i++)
        {
            var segment = _phase.Plan.Segments[task.FirstSegment + i];
            var table = _phase.Plan.Table(segment.FirstRow);
            for (var tile = segment.FirstTile; tile < segment.EndTile; tile++)
                Tile(table, tile, TileSize, (segment.FirstRow - task.FirstRow) * _group, segment.RowCount * _group);
        }
        for (var i = 0; i < task.RowCount; i++)
        {
            var row = task.FirstRow + i;
            var whole = _phase.Plan.WholeTiles(row);
            var rest = _phase.Plan.Position(row) + 1 - (whole * TileSize);
            if (rest > 0)
                Tile(_phase.Plan.Table(row), whole, rest, i * _group, _group);
            End(row, i * _group);
        }
    }

    private void Begin(int row, int query)
    {
        var source = _phase.Queries.Floats + ((long)row * _phase.QueriesStride) + ((long)_keyValueHead * _group * _dimension);
        for (var i = 0; i < _group; i++)
        {
            new ReadOnlySpan<float>(source + (i * _dimension), _dimension).CopyTo(new Span<float>(Query(_q, query + i), _dimension));
            Restart(query + i);
        }
    }

    private void Restart(int query)
    {
        new Span<float>(Query(_o, query), _stride).Clear();
        _m[query] = float.NegativeInfinity;
        _l[query] = 0;
    }

    private void End(int row, int query)
    {
        var target = _phase.Output.Floats + ((long)row * _phase.OutputStride) + ((long)_keyValueHead * _group * _dimension);
        var split = _phase.Plan.Position(row) / (SplitTiles * TileSize);
        for (var i = query; i < query + _group; i++)
        {
            if (split > 0)
                Merge(i, split);
            var output = Query(split > 0 ? _t : _o, i);
            var factor = TSimd.Broadcast(1 / (split > 0 ? _tl[i] : _l[i]));
            for (var d = 0; d < _stride; d += TSimd.Lanes)
                TSimd.Store(TSimd.Multiply(TSimd.Load(output + d), factor), output + d);
            new ReadOnlySpan<float>(output, _dimension).CopyTo(new Span<float>(target + ((i - query) * _dimension), _dimension));
        }
    }

    private readonly float* Query(float* array, int query) => array + ((long)query * _stride);

    /// <summary>Merges the finished split (number <paramref name="split"/>) of a query into the splits before it.</summary>
    private void Merge(int query, int split)
    {
        float* total = Query(_t, query), part = Query(_o, query);
        if (split == 0)
        {
            new ReadOnlySpan<float>(part, _stride).CopyTo(new Span<float>(total, _stride));
            _tm[query] = _m[query];
            _tl[query] = _l[query];
            return;
        }
        var maximum = TSimd.Max(TSimd.Broadcast(_tm[query]), TSimd.Broadcast(_m[query]));
        var scaleTotal = ExpKernels<TSimd, V>.Exp(TSimd.Subtract(TSimd.Broadcast(_tm[query]), maximum));
        var scalePart = ExpKernels<TSimd, V>.Exp(TSimd.Subtract(TSimd.Broadcast(_m[query]), maximum));
        for (var d = 0; d < _stride; d += TSimd.Lanes)
        {
            var scaled = TSimd.Multiply(TSimd.Load(part + d), scalePart);
            TSimd.Store(TSimd.Fma(TSimd.Load(total + d), scaleTotal, scaled), total + d);
        }
        _tl[query] = TSimd.First(TSimd.Fma(
            TSimd.Broadcast(_tl[query]), scaleTotal, TSimd.Multiply(TSimd.Broadcast(_l[query]), scalePart)));
        _tm[query] = TSimd.First(maximum);
    }

    /// <summary>The first `count` positions of a tile, for consecutive queries.</summary>
    private void Tile(BlockTable table, int tile, int count, int firstQuery, int queries)
    {
        if (tile > 0 && tile % SplitTiles == 0)
        {
            for (var query = firstQuery; query < firstQuery + queries; query++)
            {
                Merge(query, (tile / SplitTiles) - 1);
                Restart(query);
            }
        }
        // Blocks of a partial tile that the row has not reached stand for none: their scores are masked, their values not read.
        var cache = _phase.Cache;
        var keys = stackalloc float*[TileBlocks];
        var values = stackalloc float*[TileBlocks];
        for (var i = 0; i < TileBlocks; i++)
        {
            var block = table[(tile * TileBlocks) + (i * BlockTable.BlockSize < count ? i : 0)];
            keys[i] = cache.Layer(_phase.Layer).Floats + ((long)block * cache.BlockFloats) + ((long)_keyValueHead * cache.HeadFloats);
            values[i] = keys[i] + (BlockTable.BlockSize * _dimension);
        }
        for (int query = firstQuery, left = queries, rows; left > 0; query += rows, left -= rows)
        {
            rows = left >= TSimd.TileRows ? TSimd.TileRows : Math.Min(left, 4);
            AttentionTileKernels<TSimd, V>.Scores(rows, Query(_q, query), _stride, keys, _dimension, count, _scores);
            for (var i = 0; i < rows; i++)
                Softmax(_scores + (i * TileSize), count, query + i, out _rescale[i]);
            AttentionTileKernels<TSimd, V>.Values(rows, _scores, _rescale, values, count, Query(_o, query), _stride);
        }
    }

    /// <summary>Turns a query's scores of a tile into e^(score - m) with the new running maximum m, and carries its sum on.</summary>
    private void Softmax(float* scores, int count, int query, out float rescale)
    {
        // Whole vectors beyond the row's own position are zeros after the exponential; only the last one before them is masked.
        var used = (count + BlockTable.BlockSize - 1) / BlockTable.BlockSize * BlockTable.BlockSize;
        for (var i = count; i < used; i++)
            scores[i] = float.NegativeInfinity;
        var largest = TSimd.Broadcast(_m[query]);
        for (var i = 0; i < used; i += TSimd.Lanes)
            largest = TSimd.Max(largest, TSimd.Load(scores + i));
        var maximum = TSimd.Broadcast(TSimd.MaxLane(largest));
        for (var i = 0; i < used; i += TSimd.Lanes)
            TSimd.Store(ExpKernels<TSimd, V>.Exp(TSimd.Subtract(TSimd.Load(scores + i), maximum)), scores + i);
        new Span<float>(scores + used, TileSize - used).Clear();
        var sums = stackalloc float[16];
        for (var i = 0; i < 16; i += TSimd.Lanes)
        {
            var low = TSimd.Add(TSimd.Load(scores + i), TSimd.Load(scores + i + 16));
            TSimd.Store(TSimd.Add(low, TSimd.Add(TSimd.Load(scores + i + 32), TSimd.Load(scores + i + 48))), sums + i);
        }
        rescale = TSimd.First(ExpKernels<TSimd, V>.Exp(TSimd.Subtract(TSimd.Broadcast(_m[query]), maximum)));
        _l[query] = MathF.FusedMultiplyAdd(_l[query], rescale, TSimd.Sum16(sums));
        _m[query] = TSimd.First(maximum);
    }
}
