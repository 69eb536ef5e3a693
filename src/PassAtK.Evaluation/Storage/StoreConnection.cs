using System.Globalization;
using Microsoft.Data.Sqlite;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// A SQLite connection whose failures are sentences that name the file. One thread uses it at a time.
/// </summary>
internal sealed class StoreConnection : IDisposable
{
    // https://www.sqlite.org/rescode.html
    private const int NotAllowed = 3, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14;
    private const int NotADatabase = 26;

    private readonly SqliteConnection _connection;
    private readonly List<StoreStatement> _statements = [];

    private StoreConnection(string path, SqliteConnection connection) => (Path, _connection) = (path, connection);

    public string Path { get; }

    /// <exception cref="InputException">The file is read-only, or no file can be made there.</exception>
    public static StoreConnection OpenForWriting(string path)
    {
        try
        {
            var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
            if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 0)
                return new StoreConnection(path, connection);
            // SQLite opens such a file all the same and refuses the first change.
            connection.Dispose();
            throw new SqliteException("attempt to write a readonly database", ReadOnly);
        }
        catch (SqliteException cause)
        {
            throw Sentence(path, cause);
        }
    }

    /// <summary>
    /// Reads beside a writer, and where the store lies finished in a read-only folder. Opened for writing though nothing is written: only
    /// such a connection tidies up the files that WAL mode keeps beside the store.
    /// </summary>
    /// <exception cref="InputException">There is no such file or it is no database.</exception>
    public static StoreConnection OpenForReading(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such file, expected a run store.");
        try
        {
            var connection = new StoreConnection(path, ConnectForReading(path));
            connection.Execute("PRAGMA query_only = ON");
            return connection;
        }
        catch (SqliteException cause)
        {
            throw Sentence(path, cause);
        }
    }

    public StoreStatement Prepare(string sql)
    {
        var statement = new StoreStatement(Path, _connection, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>A statement that the caller disposes.</summary>
    public StoreStatement Temporary(string sql) => new(Path, _connection, sql);

    public void Execute(string sql)
    {
        using var statement = Temporary(sql);
        statement.Execute();
    }

    public long Number(string sql)
    {
        using var statement = Temporary(sql);
        using var rows = statement.Query();
        return rows.Read() ? rows.Integer(0) : throw new InvalidOperationException($"No row came from {sql}");
    }

    /// <summary>True between BEGIN and COMMIT or ROLLBACK; SQLite itself rolls back on some errors, a full disk among them.</summary>
    public bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _connection.Dispose();
    }

    /// <summary>One finished sentence for a failure of SQLite.</summary>
    public static InputException Sentence(string path, SqliteException cause)
    {
        var what = cause.SqliteErrorCode switch
        {
            Full => "the disk is full, what was stored before is intact, expected free space to go on",
            InputOutput => "the disk failed while the file was read or written, what was stored before is intact, expected a working disk",
            ReadOnly or NotAllowed => "the file cannot be written, expected a file and a folder that are not read-only",
            CannotOpen => "the file cannot be opened or made, expected a run's file that may be read, in a folder that can be written to",
            NotADatabase => "the file is not a run store, expected a file that `passatk run` made",
            Corrupt => "the file is damaged, expected a file that `passatk run` made",
            Busy or Locked => "another process keeps the file locked, expected one that lets go of it",
            var code => string.Create(CultureInfo.InvariantCulture, $"SQLite reports error {code} ({cause.Message})"),
        };
        return new InputException($"{path}: {what}.", cause);
    }

    private static SqliteConnection Connect(string source, SqliteOpenMode mode)
    {
        // A pooled connection would keep the file open after Dispose.
        var settings = new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            using var probe = connection.CreateCommand();
            // Opening reads nothing yet; this shows whether the file can be read and is a database.
            probe.CommandText = "SELECT count(*) FROM sqlite_master";
            probe.ExecuteScalar();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection ConnectForReading(string path)
    {
        try
        {
            return Connect(path, SqliteOpenMode.ReadWrite);
        }
        catch (SqliteException cause) when (cause.SqliteErrorCode is CannotOpen or ReadOnly && IsFinished(path))
        {
            return Connect(ImmutableUri(path), SqliteOpenMode.ReadOnly);
        }
    }

    /// <summary>No changes lie beside the file that a kill kept from being merged.</summary>
    private static bool IsFinished(string path) => new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 };

    /// <summary>Promises SQLite that nothing changes the file: it then needs no locks. https://www.sqlite.org/uri.html.</summary>
    private static string ImmutableUri(string path) =>
        "file:" + Uri.EscapeDataString(System.IO.Path.GetFullPath(path)).Replace("%2F", "/", StringComparison.Ordinal) + "?immutable=1";
}
