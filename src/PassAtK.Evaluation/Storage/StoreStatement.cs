using Microsoft.Data.Sqlite;

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

/// <summary>The rows of a query, one at a time.</summary>
internal sealed class StoreRows(string path, SqliteDataReader reader) : IDisposable
{
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

    public bool IsNull(int column) => reader.IsDBNull(column);

    public long Integer(int column) => reader.GetInt64(column);

    public double Real(int column) => reader.GetDouble(column);

    public string Text(int column) => reader.GetString(column);

    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

    public void Dispose() => reader.Dispose();
}
