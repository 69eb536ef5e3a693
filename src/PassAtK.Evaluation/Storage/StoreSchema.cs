using System.Globalization;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The tables of a run. Samples that never diverged point to one completion. A verdict belongs to a completion, and so to each of its
/// samples; so does a score. Format 2 added the scores.
/// </summary>
internal static class StoreSchema
{
    /// <summary>Raised by every change that an older version of the product could not read.</summary>
    public const int FormatVersion = 2;

    /// <summary>"Pass" in ASCII: SQLite's application_id, which tells a run store from other databases.</summary>
    public const int ApplicationId = 0x50617373;

    /// <summary>The oldest format that is read, and brought up to date once it is written to.</summary>
    private const int OldestFormat = 1;

    private const string ScoreTables = """
        CREATE TABLE scorer (
            id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, backend TEXT NOT NULL, model TEXT NOT NULL, UNIQUE (fingerprint, backend));
        CREATE TABLE score (
            scorer INTEGER NOT NULL REFERENCES scorer, completion INTEGER NOT NULL REFERENCES completion, logprob REAL,
            logprobs BLOB NOT NULL, PRIMARY KEY (scorer, completion));
        """;

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
        {ScoreTables}
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
        if (format is < OldestFormat or > FormatVersion)
        {
            throw new InputException(
                $"{connection.Path}: the store has format {format}, expected format {OldestFormat} to {FormatVersion}, "
                + "which this version reads.");
        }
    }

    /// <summary>Whether a readable store has tables of scores.</summary>
    public static bool HoldsScores(StoreConnection connection) => connection.Number("PRAGMA user_version") >= 2;

    /// <summary>Brings a readable store to this version's format, within the caller's transaction: all of it or nothing.</summary>
    public static void Upgrade(StoreConnection connection)
    {
        if (!HoldsScores(connection))
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"{ScoreTables} PRAGMA user_version = {FormatVersion};"));
    }
}
