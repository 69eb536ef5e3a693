using System.Text;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The reading side of a run, also while it is written. Each query sees what was committed when it began. Rows stream: memory does not grow
/// with the number of samples. Use from one thread at a time; the queries of several methods may be interleaved.
/// </summary>
public sealed class RunReader : IDisposable
{
    private const string VerdictOf = "LEFT JOIN verdict v ON v.completion = c.id AND v.grader = $1";

    private readonly StoreConnection _connection;

    private RunReader(StoreConnection connection) => _connection = connection;

    public string Path => _connection.Path;

    /// <exception cref="InputException">There is no such file, or it is not a run store that this version reads.</exception>
    public static RunReader Open(string path)
    {
        var connection = StoreConnection.OpenForReading(path);
        try
        {
            StoreSchema.RequireReadable(connection);
            return new RunReader(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Until the result is disposed, all queries see what was committed when the first of them began.</summary>
    public IDisposable Snapshot()
    {
        _connection.Execute("BEGIN");
        return new ReadTransaction(_connection);
    }

    public RunSettings Settings() => StoredSettings.Read(_connection);

    /// <summary>The problems in task order.</summary>
    public IEnumerable<PreparedProblem> Problems() => StoredProblems.Read(_connection);

    public long SampleCount() => _connection.Number("SELECT count(*) FROM sample");

    /// <summary>What sampling cost in all sessions together.</summary>
    public SharingStatistics Statistics() =>
        Rows(
            "SELECT tokens_by_depth, rows_by_depth, prefilled_rows, recomputed_rows FROM statistics ORDER BY session",
            rows => new SharingStatistics
            {
                TokensByDepth = BlobEncoding.ReadLongIntegers(rows.Bytes(0)),
                RowsByDepth = BlobEncoding.ReadLongIntegers(rows.Bytes(1)),
                PrefilledRows = rows.Integer(2),
                RecomputedRows = rows.Integer(3),
            })
            .Aggregate(SharingStatistics.None, (sum, session) => sum.Plus(session));

    /// <summary>The graders that gave verdicts, by name and then version.</summary>
    public IReadOnlyList<(string Name, int Version)> Graders() =>
        [.. Rows("SELECT name, version FROM grader ORDER BY name, version", rows => (rows.Text(0), (int)rows.Integer(1)))];

    /// <summary>The newest version of a grader that gave verdicts; null where none did.</summary>
    public (string Name, int Version)? Newest(string grader) => Graders().LastOrDefault(known => known.Name == grader) is { Name: not null } known
        ? known
        : null;

    /// <summary>
    /// For each of the first problems in order: which sample indices below <paramref name="samples"/> are absent, ascending. Problems that
    /// lack none are left out.
    /// </summary>
    public IEnumerable<(int Problem, IReadOnlyList<int> Indices)> MissingSamples(int problems, int samples)
    {
        var stored = new (int Count, int Highest)[problems];
        const string Extents =
            "SELECT problem, count(*), max(sample_index) FROM sample WHERE problem < $1 AND sample_index < $2 GROUP BY problem";
        foreach (var (problem, count, highest) in Rows(Extents, ReadExtent, problems, samples))
            stored[problem] = (count, highest);

        for (var problem = 0; problem < problems; problem++)
        {
            var (count, highest) = stored[problem];
            if (count == samples)
                continue;
            // Most problems are untouched or have their first samples; only gaps ask for a look at single indices.
            var hasGaps = count > 0 && highest != count - 1;
            yield return (problem, hasGaps ? WithoutStored(problem, samples) : [.. Enumerable.Range(count, samples - count)]);
        }

        static (int Problem, int Count, int Highest) ReadExtent(StoreRows rows) =>
            ((int)rows.Integer(0), (int)rows.Integer(1), (int)rows.Integer(2));
    }

    /// <summary>Samples in order of (problem, index) with the verdicts of one version of a grader, of all problems or of one.</summary>
    public IEnumerable<StoredSample> Samples((string Name, int Version)? grader, int? problem = null)
    {
        var sql = $"""
            SELECT s.problem, s.sample_index, c.id, c.tokens, c.text, c.finish, c.logprob, c.logprobs, c.filtered_logprobs,
                v.correct, v.extracted
            FROM sample s JOIN completion c ON c.id = s.completion {VerdictOf}
            {(problem is null ? "" : "WHERE s.problem = $2")} ORDER BY s.problem, s.sample_index
            """;
        StoredSample? last = null;
        var lastCompletion = -1L;
        foreach (var sample in Rows(sql, ReadSample, problem is { } one ? [GraderId(grader), one] : [GraderId(grader)]))
            yield return sample;

        StoredSample ReadSample(StoreRows rows)
        {
            var (problem, index, completion) = ((int)rows.Integer(0), (int)rows.Integer(1), rows.Integer(2));
            if (completion != lastCompletion)
            {
                last = new StoredSample(
                    problem, index, BlobEncoding.ReadIntegers(rows.Bytes(3)), Encoding.UTF8.GetString(rows.Bytes(4)), rows.Text(5),
                    rows.IsNull(6) ? double.NaN : rows.Real(6), BlobEncoding.ReadSingles(rows.Bytes(7)),
                    BlobEncoding.ReadSingles(rows.Bytes(8)),
                    rows.IsNull(9) ? null : rows.Integer(9) != 0, OptionalText(rows, 10));
                lastCompletion = completion;
            }
            return last! with { Index = index };
        }
    }

    /// <summary>What reports need of the samples, in order of (problem, index), with the verdicts of one version of a grader.</summary>
    public IEnumerable<SampleOutcome> Outcomes((string Name, int Version)? grader)
    {
        var sql = $"""
            SELECT s.problem, s.sample_index, c.id, c.tokens, c.finish, c.logprob, c.filtered_logprobs, v.correct, v.extracted
            FROM sample s JOIN completion c ON c.id = s.completion {VerdictOf} ORDER BY s.problem, s.sample_index
            """;
        SampleOutcome? last = null;
        var lastCompletion = -1L;
        return Rows(sql, Read, GraderId(grader));

        // Samples that never diverged follow each other and have their completion read once.
        SampleOutcome Read(StoreRows rows)
        {
            var (problem, index, completion) = ((int)rows.Integer(0), (int)rows.Integer(1), rows.Integer(2));
            if (completion != lastCompletion)
            {
                last = new SampleOutcome(
                    problem, index, BlobEncoding.ReadIntegers(rows.Bytes(3)), rows.Text(4) == "stop" ? "stop" : "length",
                    rows.IsNull(5) ? double.NaN : rows.Real(5), 0 - BlobEncoding.SumSingles(rows.Bytes(6)),
                    rows.IsNull(7) ? null : rows.Integer(7) != 0, OptionalText(rows, 8));
                lastCompletion = completion;
            }
            return last! with { Index = index };
        }
    }

    /// <summary>Counts over the first samples of the first problems; problems without samples are left out. In task order.</summary>
    public IEnumerable<ProblemTally> Tallies((string Name, int Version)? grader, int problems = int.MaxValue, int samples = int.MaxValue) =>
        Rows(
            $"""
            SELECT s.problem, count(*), count(v.correct), coalesce(sum(v.correct), 0)
            FROM sample s JOIN completion c ON c.id = s.completion {VerdictOf}
            WHERE s.problem < $2 AND s.sample_index < $3 GROUP BY s.problem ORDER BY s.problem
            """,
            rows => new ProblemTally((int)rows.Integer(0), (int)rows.Integer(1), (int)rows.Integer(2), (int)rows.Integer(3)),
            GraderId(grader), problems, samples);

    /// <summary>
    /// Completions after an id that one version of a grader has not judged, in order of id, at most <paramref name="limit"/>.
    /// </summary>
    public IReadOnlyList<UngradedCompletion> Ungraded((string Name, int Version) grader, long afterId, int limit) =>
    [
        .. Rows(
            $"""
            SELECT c.id, c.problem, c.text FROM completion c {VerdictOf} WHERE c.id > $2 AND v.completion IS NULL ORDER BY c.id LIMIT $3
            """,
            rows => new UngradedCompletion(rows.Integer(0), (int)rows.Integer(1), Encoding.UTF8.GetString(rows.Bytes(2))),
            GraderId(grader), afterId, limit),
    ];

    public void Dispose() => _connection.Dispose();

    private List<int> WithoutStored(int problem, int samples)
    {
        var missing = new List<int>();
        var next = 0;
        const string Stored = "SELECT sample_index FROM sample WHERE problem = $1 AND sample_index < $2 ORDER BY sample_index";
        foreach (var index in Rows(Stored, rows => (int)rows.Integer(0), problem, samples))
        {
            for (; next < index; next++)
                missing.Add(next);
            next = index + 1;
        }
        for (; next < samples; next++)
            missing.Add(next);
        return missing;
    }

    /// <summary>-1, the id of no grader, where it has judged nothing.</summary>
    private long GraderId((string Name, int Version)? grader) =>
        grader is { } wanted
            ? Rows("SELECT id FROM grader WHERE name = $1 AND version = $2", rows => rows.Integer(0), wanted.Name, wanted.Version)
                .DefaultIfEmpty(-1).Single()
            : -1;

    private static string? OptionalText(StoreRows rows, int column) =>
        rows.IsNull(column) ? null : Encoding.UTF8.GetString(rows.Bytes(column));

    private IEnumerable<T> Rows<T>(string sql, Func<StoreRows, T> read, params object?[] values)
    {
        using var statement = _connection.Temporary(sql);
        using var rows = statement.Query(values);
        while (rows.Read())
            yield return read(rows);
    }

    private sealed class ReadTransaction(StoreConnection connection) : IDisposable
    {
        public void Dispose() => connection.Execute("COMMIT");
    }
}
