using System.Globalization;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The tables of a run. Samples that never diverged point to one completion. A verdict belongs to a completion, and so to each of its
/// samples.
/// </summary>
internal static class StoreSchema
{
    /// <summary>Raised by every change that an older version of the product could not read.</summary>
    public const int FormatVersion = 1;

    /// <summary>"Pass" in ASCII: SQLite's application_id, which tells a run store from other databases.</summary>
    public const int ApplicationId = 0x50617373;

    public static string Create { get; } = string.Create(CultureInfo.InvariantCulture, $"""
        CREATE TABLE run (id INTEGER PRIMARY KEY CHECK (id = 1), settings TEXT NOT NULL, created TEXT NOT NULL);
        CREATE TABLE problem (
            position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, question TEXT NOT NULL, prompt TEXT NOT NULL,
            prompt_tokens BLOB NOT NULL, gold TEXT NOT NULL, chance REAL, raw TEXT NOT NULL);
        CREATE TABLE completion (
            id INTEGER PRIMARY KEY, problem INTEGER NOT NULL REFERENCES problem, tokens BLOB NOT NULL, token_count INTEGER NOT NULL,
            text BLOB NOT NULL, finish TEXT NOT NULL, logprob REAL, logprobs BLOB NOT NULL, filtered_logprobs BLOB NOT NULL);
        CREATE TABLE sample (
            problem INTEGER NOT NULL REFERENCES problem, sample_index INTEGER NOT NULL, completion INTEGER NOT NULL REFERENCES completion,
            PRIMARY KEY (problem, sample_index)) WITHOUT ROWID;
        CREATE TABLE grader (id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, UNIQUE (name, version));
        CREATE TABLE verdict (
            grader INTEGER NOT NULL REFERENCES grader, completion INTEGER NOT NULL REFERENCES completion, correct INTEGER NOT NULL,
            extracted BLOB, detail TEXT, PRIMARY KEY (grader, completion)) WITHOUT ROWID;
        CREATE TABLE statistics (
            session INTEGER PRIMARY KEY, tokens_by_depth BLOB NOT NULL, rows_by_depth BLOB NOT NULL, prefilled_rows INTEGER NOT NULL,
            recomputed_rows INTEGER NOT NULL);
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {FormatVersion};
        """);

    /// <summary>True for a database that holds nothing at all, which a crash before the first commit leaves.</summary>
    public static bool IsEmpty(StoreConnection connection) => connection.Number("SELECT count(*) FROM sqlite_master") == 0;

    /// <exception cref="InputException">The database is none of ours, or of a newer version.</exception>
    public static void RequireReadable(StoreConnection connection)
    {
        if (connection.Number("PRAGMA application_id") != ApplicationId)
            throw new InputException($"{connection.Path}: the file is not a run store, expected a file that `passatk run` made.");
        var format = connection.Number("PRAGMA user_version");
        if (format != FormatVersion)
            throw new InputException(
                $"{connection.Path}: the store has format {format}, expected format {FormatVersion}, which this version reads.");
    }
}
