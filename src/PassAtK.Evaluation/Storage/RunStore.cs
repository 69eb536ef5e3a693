using System.Globalization;
using System.Text;
using System.Text.Json;
using PassAtK.Engine;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Grading;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The writing side of a run: one SQLite file (`runs/NAME.passatk`) in WAL mode, one writer at a time. What <see cref="Write"/> returned
/// from survives a kill of the process; what it did not leaves no trace. Use from one thread at a time; reading is
/// <see cref="RunReader"/>'s.
/// </summary>
public sealed class RunStore : IDisposable
{
    private readonly StoreLock _lock;
    private readonly StoreConnection _connection;
    private readonly StoreStatement _insertCompletion;
    private readonly StoreStatement _insertSample;
    private readonly StoreStatement _insertVerdict;
    private readonly StoreStatement _insertScore;
    private readonly Dictionary<(string Name, int Version), long> _graders = [];
    private readonly Dictionary<(string Fingerprint, string Backend), long> _scorers = [];
    private long _nextCompletion;
    private long? _session;
    private (int Problem, Completion Completion, long Id)? _last;

    private RunStore(StoreLock writeLock, StoreConnection connection)
    {
        _lock = writeLock;
        _connection = connection;
        _insertCompletion = connection.Prepare("INSERT INTO completion VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        _insertSample = connection.Prepare("INSERT INTO sample VALUES ($1, $2, $3)");
        _insertVerdict = connection.Prepare("INSERT INTO verdict VALUES ($1, $2, $3, $4, $5)");
        _insertScore = connection.Prepare("INSERT INTO score VALUES ($1, $2, $3, $4)");
        _nextCompletion = connection.Number("SELECT coalesce(max(id), 0) + 1 FROM completion");
    }

    public string Path => _connection.Path;

    internal StoreConnection Connection => _connection;

    /// <summary>
    /// Makes the run, or opens it to go on: with as many problems or samples as one likes, under the settings it was made with.
    /// </summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="settings">`TaskDigest` is that of <paramref name="problems"/>.</param>
    /// <param name="problems">In task order. Those stored before must be the same ones in the same places; more are added, fewer leave the
    /// rest.</param>
    /// <param name="warn">Told of what differs without changing samples.</param>
    /// <exception cref="InputException">A setting or a stored problem differs; another process writes to the run; the file is none, is
    /// newer, or cannot be written.</exception>
    public static RunStore CreateOrOpen(
        string path, RunSettings settings, IReadOnlyList<PreparedProblem> problems, Action<string>? warn = null)
    {
        MakeFolder(path);
        return Open(path, store =>
        {
            if (StoreSchema.IsEmpty(store))
                Create(store, settings);
            StoreSchema.RequireReadable(store);
            var stored = StoredSettings.Read(store);
            SettingsComparison.RequireSame(path, stored, settings);
            if (stored.ProductVersion != settings.ProductVersion)
                warn?.Invoke($"{path} was made by version {stored.ProductVersion}, this is version {settings.ProductVersion}.");
            var extended = stored with { TaskDigest = settings.TaskDigest, Adaptive = settings.Adaptive };
            Transaction(store, () => StoredProblems.Extend(store, problems, () => StoredSettings.Write(store, extended)));
        });
    }

    /// <summary>Opens an existing run to add verdicts or scores.</summary>
    /// <exception cref="InputException">As <see cref="CreateOrOpen"/>, and where there is no such file.</exception>
    public static RunStore OpenExisting(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such file, expected a run store.");
        return Open(path, StoreSchema.RequireReadable);
    }

    /// <summary>Runs <paramref name="changes"/> as one transaction: all of it is stored, or nothing where it throws.</summary>
    /// <exception cref="InputException">The disk is full or fails, or the file cannot be written.</exception>
    public void Write(Action changes)
    {
        var (next, session) = (_nextCompletion, _session);
        try
        {
            Transaction(_connection, changes);
        }
        catch
        {
            // Ids given within the transaction name nothing any more.
            (_nextCompletion, _session, _last) = (next, session, null);
            _graders.Clear();
            _scorers.Clear();
            throw;
        }
    }

    /// <summary>
    /// Adds a sample within <see cref="Write"/>. Tells the completion's id and whether it is new; one that shares its arrays with the
    /// sample before is stored once for both.
    /// </summary>
    public (long Completion, bool IsNew) AddSample(int problem, Completion sample)
    {
        var isNew = _last is not { } last || last.Problem != problem || !SharesContent(last.Completion, sample);
        if (isNew)
        {
            var id = _nextCompletion++;
            _insertCompletion.Execute(
                id, problem, BlobEncoding.Integers(sample.Tokens), sample.Tokens.Length, Encoding.UTF8.GetBytes(sample.Text),
                sample.Finish == FinishReason.Stop ? "stop" : "length", Total(sample.Logprobs), BlobEncoding.Singles(sample.Logprobs),
                BlobEncoding.Singles(sample.FilteredLogprobs));
            _last = (problem, sample, id);
        }
        _insertSample.Execute(problem, sample.Sample, _last!.Value.Id);
        return (_last.Value.Id, isNew);
    }

    /// <summary>Adds a verdict within <see cref="Write"/>. A completion has one from each version of each grader.</summary>
    public void AddVerdict(IGrader grader, long completion, Verdict verdict) =>
        _insertVerdict.Execute(
            GraderId(grader), completion, verdict.Correct ? 1 : 0,
            verdict.Extracted is null ? null : Encoding.UTF8.GetBytes(verdict.Extracted), verdict.Detail);

    /// <summary>Adds a score within <see cref="Write"/>. A completion has one from each scorer.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="completion">The completion's id.</param>
    /// <param name="logprobs">Per token: natural log of the unfiltered softmax at temperature 1.</param>
    public void AddScore(Scorer scorer, long completion, float[] logprobs) =>
        _insertScore.Execute(ScorerId(scorer), completion, Total(logprobs), BlobEncoding.Singles(logprobs));

    /// <summary>Sets within <see cref="Write"/> what this session's sampling has cost so far; sessions add up.</summary>
    public void SetStatistics(SharingStatistics session)
    {
        _session ??= _connection.Number("SELECT coalesce(max(session), 0) + 1 FROM statistics");
        using var upsert = _connection.Temporary("INSERT OR REPLACE INTO statistics VALUES ($1, $2, $3, $4, $5)");
        upsert.Execute(
            _session, BlobEncoding.Integers(session.TokensByDepth), BlobEncoding.Integers(session.RowsByDepth), session.PrefilledRows,
            session.RecomputedRows);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _lock.Dispose();
    }

    /// <summary>Natural log of the whole sample's probability: F64, summed in token order.</summary>
    internal static double Total(float[] logprobs)
    {
        var total = 0.0;
        foreach (var logprob in logprobs)
            total += logprob;
        return total;
    }

    private static bool SharesContent(Completion left, Completion right) =>
        ReferenceEquals(left.Tokens, right.Tokens) && ReferenceEquals(left.Logprobs, right.Logprobs)
        && ReferenceEquals(left.FilteredLogprobs, right.FilteredLogprobs) && left.Finish == right.Finish
        && string.Equals(left.Text, right.Text, StringComparison.Ordinal);

    private static RunStore Open(string path, Action<StoreConnection> prepare)
    {
        var writeLock = StoreLock.Take(path);
        StoreConnection? connection = null;
        try
        {
            connection = StoreConnection.OpenForWriting(path);
            // Before the first write: a file that is not ours must stay as it is.
            if (!StoreSchema.IsEmpty(connection))
                StoreSchema.RequireReadable(connection);
            // Takes effect in a new file: rows of a kilobyte or two leave large pages fuller.
            connection.Execute("PRAGMA page_size = 16384");
            connection.Execute("PRAGMA journal_mode = WAL");
            // A kill of the process loses nothing committed; a power cut may lose the last commits but breaks nothing.
            connection.Execute("PRAGMA synchronous = NORMAL");
            // Fewer and larger checkpoints than by default: each waits for the disk.
            connection.Execute("PRAGMA wal_autocheckpoint = 2048");
            prepare(connection);
            Transaction(connection, () => StoreSchema.Upgrade(connection));
            return new RunStore(writeLock, connection);
        }
        catch
        {
            connection?.Dispose();
            writeLock.Dispose();
            throw;
        }
    }

    private static void Create(StoreConnection store, RunSettings settings) => Transaction(store, () =>
    {
        store.Execute(StoreSchema.Create);
        using var insert = store.Temporary("INSERT INTO run VALUES (1, $1, $2)");
        insert.Execute(
            JsonSerializer.Serialize(settings, RunSettingsJson.Default.RunSettings),
            DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
    });

    private static void Transaction(StoreConnection store, Action changes)
    {
        store.Execute("BEGIN IMMEDIATE");
        try
        {
            changes();
            store.Execute("COMMIT");
        }
        catch
        {
            if (store.IsInTransaction)
                store.Execute("ROLLBACK");
            throw;
        }
    }

    private static void MakeFolder(string path)
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: its folder cannot be made, expected a path in a folder that can be written to.", cause);
        }
    }

    private long ScorerId(Scorer scorer)
    {
        var key = (scorer.Fingerprint, scorer.Backend);
        if (_scorers.TryGetValue(key, out var id))
            return id;
        using var insert = _connection.Temporary("INSERT OR IGNORE INTO scorer (fingerprint, backend, model) VALUES ($1, $2, $3)");
        insert.Execute(scorer.Fingerprint, scorer.Backend, scorer.Model);
        using var find = _connection.Temporary("SELECT id FROM scorer WHERE fingerprint = $1 AND backend = $2");
        using var rows = find.Query(scorer.Fingerprint, scorer.Backend);
        rows.Read();
        return _scorers[key] = rows.Integer(0);
    }

    private long GraderId(IGrader grader)
    {
        var key = (grader.Name, grader.Version);
        if (_graders.TryGetValue(key, out var id))
            return id;
        using var insert = _connection.Temporary("INSERT OR IGNORE INTO grader (name, version) VALUES ($1, $2)");
        insert.Execute(grader.Name, grader.Version);
        using var find = _connection.Temporary("SELECT id FROM grader WHERE name = $1 AND version = $2");
        using var rows = find.Query(grader.Name, grader.Version);
        rows.Read();
        return _graders[key] = rows.Integer(0);
    }
}
