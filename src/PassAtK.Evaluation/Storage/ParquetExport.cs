using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// Every sample as a row of a Parquet file, ordered by problem and index, for pandas, Polars, DuckDB and their like. Columns: `problem` and
/// `text` (UTF-8), `index` (int32), `tokens` (list of int32), `logprobs` and `filtered_logprobs` (lists of float, one a token), `finish`
/// (UTF-8), `logprob` (double), `correct` (boolean), `extracted` (UTF-8); the last three are null where they are not known. Row groups are
/// written as they fill, so memory stays bounded. https://parquet.apache.org/docs/file-format.
/// </summary>
public static class ParquetExport
{
    // Whichever comes first ends a row group.
    private const int MostRows = 20_000;
    private const int MostTokens = 4_000_000;

    private static readonly DataField<string> Problem = new("problem", false);
    private static readonly DataField<int> Index = new("index", false);
    private static readonly DataField<string> Text = new("text", false);
    private static readonly DataField<string> Finish = new("finish", false);
    private static readonly DataField<double> Logprob = new("logprob", true);
    private static readonly DataField<bool> Correct = new("correct", true);
    private static readonly DataField<string> Extracted = new("extracted", true);
    private static readonly DataField<int> Token = new("element", false);
    private static readonly DataField<float> TokenLogprob = new("element", false);
    private static readonly DataField<float> TokenFilteredLogprob = new("element", false);

    private static readonly ParquetSchema Schema = new(
        Problem, Index, Text, Finish, Logprob, Correct, Extracted,
        new ListField("tokens", Token), new ListField("logprobs", TokenLogprob), new ListField("filtered_logprobs", TokenFilteredLogprob));

    /// <param name="reader">The run.</param>
    /// <param name="grader">Whose verdicts; null for none.</param>
    /// <param name="output">Written to; stays open.</param>
    /// <param name="problem">The only problem to export; null for all.</param>
    /// <param name="cancellation">Ends between two row groups.</param>
    /// <exception cref="Engine.InputException">The run has no such problem.</exception>
    public static void Write(
        RunReader reader, (string Name, int Version)? grader, Stream output, string? problem = null, CancellationToken cancellation = default) =>
        WriteAsync(reader, grader, output, problem, cancellation).GetAwaiter().GetResult();

    private static async Task WriteAsync(
        RunReader reader, (string Name, int Version)? grader, Stream output, string? problem, CancellationToken cancellation)
    {
        using var snapshot = reader.Snapshot();
        var ids = RunExport.Ids(reader);
        var position = RunExport.Position(reader, ids, problem);
        // The library's default level takes 20 times as long for files an eighth smaller.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        var writer = await ParquetWriter.CreateAsync(Schema, output, options, cancellationToken: cancellation).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var (rows, tokens) = (new List<StoredSample>(), 0);
            foreach (var sample in reader.Samples(grader, position))
            {
                rows.Add(sample);
                tokens += sample.Tokens.Length;
                if (rows.Count < MostRows && tokens < MostTokens)
                    continue;
                await WriteGroup(writer, ids, rows, cancellation).ConfigureAwait(false);
                (rows, tokens) = ([], 0);
            }
            if (rows.Count > 0)
                await WriteGroup(writer, ids, rows, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task WriteGroup(ParquetWriter writer, string[] ids, List<StoredSample> rows, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(Problem, rows.ConvertAll(row => ids[row.Problem])).ConfigureAwait(false);
        await group.WriteAsync<int>(Index, Column(rows, row => row.Index), cancellationToken: cancellation).ConfigureAwait(false);
        await group.WriteAsync(Text, rows.ConvertAll(row => row.Text)).ConfigureAwait(false);
        await group.WriteAsync(Finish, rows.ConvertAll(row => row.Finish)).ConfigureAwait(false);
        await group.WriteAsync<double>(
            Logprob, Column(rows, row => double.IsFinite(row.Logprob) ? row.Logprob : (double?)null), cancellationToken: cancellation).ConfigureAwait(false);
        await group.WriteAsync<bool>(Correct, Column(rows, row => row.Correct), cancellationToken: cancellation).ConfigureAwait(false);
        await group.WriteAsync(Extracted, rows.ConvertAll(row => row.Extracted!)).ConfigureAwait(false);
        await WriteList(group, Token, rows, row => row.Tokens, cancellation).ConfigureAwait(false);
        await WriteList(group, TokenLogprob, rows, row => row.Logprobs, cancellation).ConfigureAwait(false);
        await WriteList(group, TokenFilteredLogprob, rows, row => row.FilteredLogprobs, cancellation).ConfigureAwait(false);
        group.CompleteValidate();
    }

    private static ReadOnlyMemory<T> Column<T>(List<StoredSample> rows, Func<StoredSample, T> value)
    {
        var column = new T[rows.Count];
        for (var row = 0; row < column.Length; row++)
            column[row] = value(rows[row]);
        return column;
    }

    /// <summary>
    /// A list column in Dremel's encoding: a value's repetition level is 0 where it begins a row and 1 within it; an empty list has no value
    /// and the definition level of the list itself. https://parquet.apache.org/docs/file-format/nestedencoding.
    /// </summary>
    private static Task WriteList<T>(
        ParquetRowGroupWriter group, DataField field, List<StoredSample> rows, Func<StoredSample, T[]> list, CancellationToken cancellation)
        where T : struct
    {
        var slots = rows.Sum(row => Math.Max(1, list(row).Length));
        var (values, definitions, repetitions) = (new T[rows.Sum(row => list(row).Length)], new int[slots], new int[slots]);
        var (slot, filled) = (0, 0);
        foreach (var row in rows)
        {
            var items = list(row);
            items.CopyTo(values, filled);
            filled += items.Length;
            for (var item = 0; item < Math.Max(1, items.Length); item++, slot++)
            {
                definitions[slot] = items.Length == 0 ? field.MaxDefinitionLevel - 1 : field.MaxDefinitionLevel;
                repetitions[slot] = item == 0 ? 0 : field.MaxRepetitionLevel;
            }
        }
        return group.WriteAllPartsAsync<T>(field, values, definitions, repetitions, cancellation);
    }
}
