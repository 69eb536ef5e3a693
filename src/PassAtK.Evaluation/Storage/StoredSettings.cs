using System.Text.Json;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>The one row of table `run`.</summary>
internal static class StoredSettings
{
    public static RunSettings Read(StoreConnection store)
    {
        using var select = store.Temporary("SELECT settings FROM run");
        using var rows = select.Query();
        try
        {
            if (rows.Read() && JsonSerializer.Deserialize(rows.Text(0), RunSettingsJson.Default.RunSettings) is { } settings)
                return settings;
        }
        catch (JsonException cause)
        {
            throw new InputException($"{store.Path}: the stored settings cannot be read, expected those that `passatk run` writes.", cause);
        }
        throw new InputException($"{store.Path}: the run has no settings, expected those that `passatk run` writes.");
    }

    public static void Write(StoreConnection store, RunSettings settings)
    {
        using var update = store.Temporary("UPDATE run SET settings = $1");
        update.Execute(JsonSerializer.Serialize(settings, RunSettingsJson.Default.RunSettings));
    }
}
