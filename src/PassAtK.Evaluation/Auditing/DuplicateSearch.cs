using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Auditing;

/// <summary>
/// Finds <see cref="DuplicateSamples"/> in one pass over all samples in order of (problem, index). Completions are told apart by 128 bits
/// of SHA-256; only those improbable enough to be reported are kept, about 50 bytes each, and as much for each sample index.
/// </summary>
internal sealed class DuplicateSearch
{
    private const double Rate = 0.001;

    private readonly IReadOnlyList<PreparedProblem> _problems;
    private readonly int _mostExamples;
    private readonly double _pairs;
    private readonly double _leastNats;
    private readonly Dictionary<UInt128, (int Problem, int Index)> _first = [];
    private readonly SortedDictionary<int, Column> _columns = [];
    private readonly List<RepeatedCompletion> _examples = [];
    private int _lastExample = -1;
    private long _comparable;
    private long _repeats;
    private (int[] Tokens, UInt128 Digest)? _last;

    public DuplicateSearch(IReadOnlyList<PreparedProblem> problems, long samples, int mostExamples)
    {
        (_problems, _mostExamples) = (problems, mostExamples);
        _pairs = samples * (samples - 1.0) / 2;
        _leastNats = LeastNats(_pairs);
    }

    public DuplicateSamples Result => new(
        Rate, _pairs, _leastNats, _comparable, _repeats, _examples, RepeatedIndices(), RepeatedPrompts());

    public void Add(StoredSample sample)
    {
        var nats = 0 - RunStore.Total(sample.FilteredLogprobs);
        var digest = Digest(sample.Tokens);
        _columns[sample.Index] = _columns.GetValueOrDefault(sample.Index).With(sample.Problem, digest, nats);
        if (!(nats >= _leastNats))
            return;
        _comparable++;
        if (_first.TryAdd(digest, (sample.Problem, sample.Index)))
            return;
        _repeats++;
        if (_examples.Count == _mostExamples || _lastExample == sample.Problem)
            return;
        _lastExample = sample.Problem;
        var (problem, index) = _first[digest];
        _examples.Add(new RepeatedCompletion(Name(problem, index), Name(sample.Problem, sample.Index), sample.Tokens.Length, nats));
    }

    private static double LeastNats(double pairs) => Math.Log(Math.Max(1, pairs) / (Rate / 2));

    private RepeatedIndex[] RepeatedIndices()
    {
        var least = LeastNats(_columns.Count * (_columns.Count - 1.0) / 2);
        var lowest = new Dictionary<UInt128, int>();
        var repeated = new List<RepeatedIndex>();
        foreach (var (index, column) in _columns)
        {
            if (!lowest.TryAdd(column.Digest, index) && column.Nats >= least)
                repeated.Add(new RepeatedIndex(lowest[column.Digest], index, column.Problems, column.Nats));
        }
        return [.. repeated];
    }

    private RepeatedPrompt[] RepeatedPrompts()
    {
        var first = new Dictionary<UInt128, PreparedProblem>();
        var repeated = new List<RepeatedPrompt>();
        foreach (var problem in _problems)
        {
            var digest = DigestOf(MemoryMarshal.AsBytes<int>(problem.PromptTokens));
            if (!first.TryAdd(digest, problem))
            {
                var earlier = first[digest].Problem;
                repeated.Add(new RepeatedPrompt(problem.Problem.Id, earlier.Id, problem.Problem.Gold == earlier.Gold));
            }
        }
        return [.. repeated];
    }

    // Samples that never diverged come one after another with one array.
    private UInt128 Digest(int[] tokens)
    {
        if (_last is not { } last || !ReferenceEquals(last.Tokens, tokens))
            _last = (tokens, DigestOf(MemoryMarshal.AsBytes<int>(tokens)));
        return _last.Value.Digest;
    }

    private static UInt128 DigestOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private SampleName Name(int problem, int index) => new(_problems[problem].Problem.Id, index);

    /// <summary>All samples of one index so far: a digest of their problems and tokens, and what they were drawn with.</summary>
    private readonly record struct Column(UInt128 Digest, double Nats, int Problems)
    {
        public Column With(int problem, UInt128 tokens, double nats)
        {
            Span<byte> bytes = stackalloc byte[36];
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, Digest);
            BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], tokens);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], problem);
            return new Column(DigestOf(bytes), Nats + nats, Problems + 1);
        }
    }
}
