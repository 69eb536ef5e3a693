using System.Runtime.InteropServices;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The columns of a statement's row, asked of SQLite by its address: the wrapper counts references to the statement at each call, which is
/// about a seventh of the time that reading a run's millions of values takes. Source: https://www.sqlite.org/c3ref/column_blob.html.
/// </summary>
/// <remarks>
/// The collector is not told of these calls, which it may not have to wait for: they take the connection's mutex, but one thread uses a
/// connection at a time, and they call nothing back, for no function or collation of ours is registered with SQLite. A statement's address
/// is valid until its command is disposed.
/// </remarks>
internal static partial class SqliteColumns
{
    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    public static partial int Type(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    public static partial long Integer(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double")]
    [SuppressGCTransition]
    public static partial double Real(nint statement, int column);

    /// <summary>A blob, or the UTF-8 of a text, until the statement takes its next step; empty for NULL.</summary>
    public static unsafe ReadOnlySpan<byte> Bytes(nint statement, int column)
    {
        // In this order: a text may be converted for the first call, and the second counts what it is then.
        var first = Blob(statement, column);
        var count = ByteCount(statement, column);
        return first == 0 ? [] : new ReadOnlySpan<byte>((void*)first, count);
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    [SuppressGCTransition]
    private static partial nint Blob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    private static partial int ByteCount(nint statement, int column);
}
