using System.Runtime.InteropServices;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The columns of a statement's row, asked of SQLite by its address: the wrapper counts references to the statement at each call, which is
/// most of the time that reading a run's millions of values takes. Source: https://www.sqlite.org/c3ref/column_blob.html.
/// </summary>
/// <remarks>None of these waits or calls back, so the collector need not be told of them.</remarks>
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

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    [SuppressGCTransition]
    public static partial nint Blob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    public static partial int ByteCount(nint statement, int column);
}
