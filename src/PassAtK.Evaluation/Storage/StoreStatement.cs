using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PassAtK.Evaluation.Storage;

/// <summary>A prepared statement with parameters $1, $2, ... in order.</summary>
internal sealed class StoreStatement : IDisposable
{
    private readonly string _path;
    private readonly SqliteCommand _command;

    public StoreStatement(string path, SqliteConnection connection, string sql)
    {
        _path = path;
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    public void Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            _command.ExecuteNonQuery();
        }
        catch (SqliteException cause)
        {
            throw StoreConnection.Sentence(_path, cause);
        }
    }

    public StoreRows Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            return new StoreRows(_path, _command.ExecuteReader());
        }
        catch (SqliteException cause)
        {
            throw StoreConnection.Sentence(_path, cause);
        }
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        while (_command.Parameters.Count < values.Length)
            _command.Parameters.Add(new SqliteParameter($"${_command.Parameters.Count + 1}", null));
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}

/// <summary>
/// The rows of a query, one at a time. Values are asked of SQLite itself, without the checks and copies of the data reader: a report reads
/// millions of them. They may be asked for while there is a row.
/// </summary>
internal sealed class StoreRows(string path, SqliteDataReader reader) : IDisposable
{
    private nint _statement = reader.Handle?.DangerousGetHandle() ?? throw new InvalidOperationException("This is no query.");

    public bool Read()
    {
        try
        {
            return reader.Read();
        }
        catch (SqliteException cause)
        {
            throw StoreConnection.Sentence(path, cause);
        }
    }

    public bool IsNull(int column) => SqliteColumns.Type(_statement, column) == raw.SQLITE_NULL;

    public long Integer(int column) => SqliteColumns.Integer(_statement, column);

    public double Real(int column) => SqliteColumns.Real(_statement, column);

    public string Text(int column) => reader.GetString(column);

    /// <summary>A blob or the UTF-8 of a text, until the next row is read.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => SqliteColumns.Bytes(_statement, column);

    public void Dispose()
    {
        // Of no statement SQLite says that all columns are NULL.
        _statement = 0;
        reader.Dispose();
    }
}
