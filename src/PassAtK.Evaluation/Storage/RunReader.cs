using System.Text;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The reading side of a run, also while it is written. Each query sees what was committed when it began. Rows stream: memory does not grow
/// with the number of samples, save that <see cref="Outcomes"/> holds those of one problem. Use from one thread at a time; the queries of
/// several methods may be interleaved.
/// </summary>
public sealed class RunReader : IDisposable
{
    private const string VerdictOf = "LEFT JOIN verdict v ON v.completion = c.id AND v.grader = $1";

    // The samples below the numbers of a JSON array, problem by problem.
    private const string Wanted = "json_each($1) w CROSS JOIN sample s ON s.problem = w.key AND s.sample_index < w.value";

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
    public IEnumerable<(int Problem, IReadOnlyList<int> Indices)> MissingSamples(int problems, int samples) =>
        MissingSamples(Enumerable.Repeat(samples, problems).ToArray());

    /// <summary>The same where each problem is to have its own number of samples.</summary>
    /// <param name="wanted">Of each of the first problems, in order.</param>
    public IEnumerable<(int Problem, IReadOnlyList<int> Indices)> MissingSamples(IReadOnlyList<int> wanted)
    {
        var stored = new (int Count, int Highest)[wanted.Count];
        const string Extents = $"SELECT s.problem, count(*), max(s.sample_index) FROM {Wanted} GROUP BY s.problem";
        foreach (var (problem, count, highest) in Rows(Extents, ReadExtent, Array(wanted)))
            stored[problem] = (count, highest);

        for (var problem = 0; problem < wanted.Count; problem++)
        {
            var (count, highest) = stored[problem];
            var samples = wanted[problem];
            if (count == samples)
                continue;
            // Most problems are untouched or have their first samples; only gaps ask for a look at single indices.
            var hasGaps = count > 0 && highest != count - 1;
            yield return (problem, hasGaps ? WithoutStored(problem, samples) : [.. Enumerable.Range(count, samples - count)]);
        }

        static (int Problem, int Count, int Highest) ReadExtent(StoreRows rows) =>
            ((int)rows.Integer(0), (int)rows.Integer(1), (int)rows.Integer(2));
    }

    /// <summary>Samples in order of (problem, index) with the verdicts of one version of a grader, of all problems or of one position.</summary>
    public IEnumerable<StoredSample> Samples((string Name, int Version)? grader, int? problem = null)
    {
        var (first, last) = problem is { } only ? (only, only) : (0, int.MaxValue);
        var sql = $"""
            SELECT s.problem, s.sample_index, c.id, c.tokens, c.text, c.finish, c.logprob, c.logprobs, c.filtered_logprobs,
                v.correct, v.extracted
            FROM sample s JOIN completion c ON c.id = s.completion {VerdictOf} WHERE s.problem BETWEEN $2 AND $3 ORDER BY s.problem, s.sample_index
            """;
        StoredSample? latest = null;
        var lastCompletion = -1L;
        foreach (var sample in Rows(sql, ReadSample, GraderId(grader), first, last))
            yield return sample;

        StoredSample ReadSample(StoreRows rows)
        {
            var (problem, index, completion) = ((int)rows.Integer(0), (int)rows.Integer(1), rows.Integer(2));
            if (completion != lastCompletion)
            {
                latest = new StoredSample(
                    problem, index, BlobEncoding.ReadIntegers(rows.Bytes(3)), Encoding.UTF8.GetString(rows.Bytes(4)), rows.Text(5),
                    rows.IsNull(6) ? double.NaN : rows.Real(6), BlobEncoding.ReadSingles(rows.Bytes(7)),
                    BlobEncoding.ReadSingles(rows.Bytes(8)),
                    rows.IsNull(9) ? null : rows.Integer(9) != 0, OptionalText(rows, 10));
                lastCompletion = completion;
            }
            return latest! with { Index = index };
        }
    }

    /// <summary>What readers of samples need, in order of (problem, index), with the verdicts of one version of a grader.</summary>
    public IEnumerable<SampleText> Texts((string Name, int Version)? grader)
    {
        var sql = $"""
            SELECT s.problem, s.sample_index, c.token_count, c.text, c.finish, c.logprob, v.correct, v.extracted
            FROM sample s JOIN completion c ON c.id = s.completion {VerdictOf} ORDER BY s.problem, s.sample_index
            """;
        return Rows(
            sql,
            rows => new SampleText(
                (int)rows.Integer(0), (int)rows.Integer(1), (int)rows.Integer(2), Encoding.UTF8.GetString(rows.Bytes(3)), rows.Text(4),
                rows.IsNull(5) ? double.NaN : rows.Real(5), rows.IsNull(6) ? null : rows.Integer(6) != 0, OptionalText(rows, 7)),
            GraderId(grader));
    }

    /// <summary>What reports need of the samples, problem by problem, with the verdicts of one version of a grader.</summary>
    /// <param name="grader">Whose verdicts.</param>
    /// <param name="scorer">Whose scores, where there are any.</param>
    public IEnumerable<ProblemOutcomes> Outcomes((string Name, int Version)? grader, Scorer? scorer = null)
    {
        var scorerId = scorer is null ? -1 : ScorerId(scorer);
        var scored = scorerId >= 0;
        var sql = $"""
            SELECT s.problem, s.sample_index, c.id, c.tokens, c.finish = 'stop', c.logprob, c.filtered_logprobs, v.correct, v.extracted,
                {(scored ? "x.completion, x.logprob" : "NULL, NULL")}
            FROM sample s JOIN completion c ON c.id = s.completion {VerdictOf}
                {(scored ? "LEFT JOIN score x ON x.completion = c.id AND x.scorer = $2" : "")}
            ORDER BY s.problem, s.sample_index
            """;
        var (problem, completion) = (-1, -1L);
        var outcome = default(SampleOutcome);
        var samples = new List<SampleOutcome>();
        using var statement = _connection.Temporary(sql);
        using var rows = statement.Query(scored ? [GraderId(grader), scorerId] : [GraderId(grader)]);
        while (rows.Read())
        {
            var position = (int)rows.Integer(0);
            if (position != problem && samples.Count > 0)
            {
                yield return new ProblemOutcomes(problem, samples);
                samples = new List<SampleOutcome>(samples.Count);
            }
            // Samples that never diverged follow each other and have their completion read once.
            if (rows.Integer(2) is var id && id != completion)
                outcome = ReadOutcome(rows);
            (problem, completion) = (position, id);
            samples.Add(outcome with { Index = (int)rows.Integer(1) });
        }
        if (samples.Count > 0)
            yield return new ProblemOutcomes(problem, samples);
    }

    /// <summary>The models that scored samples, by fingerprint and then device; none in a store of before there were scores.</summary>
    public IReadOnlyList<Scorer> Scorers() => StoreSchema.HoldsScores(_connection)
        ?
        [
            .. Rows(
                "SELECT fingerprint, backend, model FROM scorer ORDER BY fingerprint, backend",
                rows => new Scorer(rows.Text(0), rows.Text(1), rows.Text(2))),
        ]
        : [];

    /// <summary>How many distinct completions there are.</summary>
    public long CompletionCount() => _connection.Number("SELECT count(*) FROM completion");

    /// <summary>How many of them a model has scored.</summary>
    public long ScoredCount(Scorer scorer) => ScorerId(scorer) is var id and >= 0
        ? Rows("SELECT count(*) FROM score WHERE scorer = $1", rows => rows.Integer(0), id).Single()
        : 0;

    /// <summary>
    /// A problem's completions that a model has not scored, with the lowest index of their samples, in an order of their tokens that makes
    /// those with the longest common prefixes neighbours.
    /// </summary>
    public IReadOnlyList<(long Completion, int Sample)> Unscored(Scorer scorer, int problem)
    {
        var id = ScorerId(scorer);
        var unscored = id < 0 ? "" : "AND NOT EXISTS (SELECT 1 FROM score x WHERE x.scorer = $2 AND x.completion = c.id)";
        // The encoding of a prefix is a prefix of the encoding, so the order of the bytes will do.
        var sql = $"""
            SELECT c.id, min(s.sample_index) FROM sample s JOIN completion c ON c.id = s.completion
            WHERE s.problem = $1 {unscored} GROUP BY c.id ORDER BY c.tokens, c.id
            """;
        return [.. Rows(sql, rows => (rows.Integer(0), (int)rows.Integer(1)), id < 0 ? [problem] : [problem, id])];
    }

    /// <summary>A completion by its id.</summary>
    public ScorableCompletion Completion(long id) =>
        Rows(
            "SELECT tokens, text, finish FROM completion WHERE id = $1",
            rows => new ScorableCompletion(
                BlobEncoding.ReadIntegers(rows.Bytes(0)), Encoding.UTF8.GetString(rows.Bytes(1)), rows.Text(2)),
            id)
            .Single();

    /// <summary>The scores of one model, in order of (problem, index).</summary>
    public IEnumerable<StoredScore> Scores(Scorer scorer) => ScorerId(scorer) is var id and >= 0
        ? Rows(
            """
            SELECT s.problem, s.sample_index, x.logprob, x.logprobs
            FROM sample s JOIN score x ON x.completion = s.completion AND x.scorer = $1 ORDER BY s.problem, s.sample_index
            """,
            rows => new StoredScore(
                (int)rows.Integer(0), (int)rows.Integer(1), rows.IsNull(2) ? double.NaN : rows.Real(2),
                BlobEncoding.ReadSingles(rows.Bytes(3))),
            id)
        : [];

    /// <summary>Samples that both of two graders have judged, in order of (problem, index).</summary>
    public IEnumerable<VerdictPair> VerdictPairs((string Name, int Version) first, (string Name, int Version) second) =>
        Rows(
            """
            SELECT s.problem, s.sample_index, v.correct, v.extracted, w.correct, w.extracted
            FROM sample s JOIN verdict v ON v.grader = $1 AND v.completion = s.completion
            JOIN verdict w ON w.grader = $2 AND w.completion = s.completion ORDER BY s.problem, s.sample_index
            """,
            rows => new VerdictPair(
                (int)rows.Integer(0), (int)rows.Integer(1), rows.Integer(2) != 0, OptionalText(rows, 3), rows.Integer(4) != 0,
                OptionalText(rows, 5)),
            GraderId(first), GraderId(second));

    /// <summary>Counts over a range of samples of the first problems; problems without samples are left out. In task order.</summary>
    /// <param name="grader">Whose verdicts.</param>
    /// <param name="problems">How many problems.</param>
    /// <param name="first">The first index that is counted.</param>
    /// <param name="end">The index after the last.</param>
    public IEnumerable<ProblemTally> Tallies(
        (string Name, int Version)? grader, int problems = int.MaxValue, int first = 0, int end = int.MaxValue) =>
        Rows(
            """
            SELECT s.problem, count(*), count(v.correct), coalesce(sum(v.correct), 0)
            FROM sample s LEFT JOIN verdict v ON v.completion = s.completion AND v.grader = $1
            WHERE s.problem < $2 AND s.sample_index >= $3 AND s.sample_index < $4 GROUP BY s.problem ORDER BY s.problem
            """,
            ReadTally, GraderId(grader), problems, first, end);

    /// <summary>The same over the first samples of each problem, as many as it is to have.</summary>
    /// <param name="grader">Whose verdicts.</param>
    /// <param name="wanted">Of each of the first problems, in order.</param>
    public IEnumerable<ProblemTally> Tallies((string Name, int Version) grader, IReadOnlyList<int> wanted) =>
        Rows(
            $"""
            SELECT s.problem, count(*), count(v.correct), coalesce(sum(v.correct), 0)
            FROM {Wanted} LEFT JOIN verdict v ON v.completion = s.completion AND v.grader = $2
            GROUP BY s.problem ORDER BY s.problem
            """,
            ReadTally, Array(wanted), GraderId(grader));

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

    /// <summary>-1, the id of no scorer, where it has scored nothing.</summary>
    private long ScorerId(Scorer scorer) => StoreSchema.HoldsScores(_connection)
        ? Rows(
            "SELECT id FROM scorer WHERE fingerprint = $1 AND backend = $2", rows => rows.Integer(0), scorer.Fingerprint, scorer.Backend)
            .DefaultIfEmpty(-1).Single()
        : -1;

    private static SampleOutcome ReadOutcome(StoreRows rows) => new(
        (int)rows.Integer(1), BlobEncoding.ReadIntegers(rows.Bytes(3)), rows.Integer(4) != 0 ? "stop" : "length",
        rows.IsNull(5) ? double.NaN : rows.Real(5), 0 - BlobEncoding.SumSingles(rows.Bytes(6)),
        rows.IsNull(7) ? null : rows.Integer(7) != 0, OptionalText(rows, 8),
        rows.IsNull(9) ? null : rows.IsNull(10) ? double.NaN : rows.Real(10));

    private static ProblemTally ReadTally(StoreRows rows) =>
        new((int)rows.Integer(0), (int)rows.Integer(1), (int)rows.Integer(2), (int)rows.Integer(3));

    private static string Array(IReadOnlyList<int> values) => $"[{string.Join(',', values)}]";

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
