using System.Text.Json;
using System.Text.Json.Nodes;

namespace PassAtK.Evaluation.Tests.Reports;

/// <summary>
/// A report's JSON without what other tests look at: further fields, and the limits of intervals and shares of resamples, which become 0.
/// </summary>
internal static class DocumentedJson
{
    private static readonly string[] Further =
        ["standardErrors", "measures", "differenceErrors", "changedSides", "baseMeasures", "otherMeasures", "explorationDifference"];
    private static readonly string[] WithIntervals =
    [
        "passAtK", "aboveChance", "baseIntervals", "otherIntervals", "difference", "baseAboveChance", "otherAboveChance",
        "crossoverSearch", "samplingEfficiencyGap",
    ];

    public static string Of(string json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        foreach (var name in Further)
            root.Remove(name);
        foreach (var name in WithIntervals)
            ClearLimits(root[name]);
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" });
    }

    private static void ClearLimits(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                ClearLimits(item);
        }
        else if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToArray())
            {
                if (value is not null && (name is "low" or "high" || name.StartsWith("share", StringComparison.Ordinal)))
                    fields[name] = 0;
                else
                    ClearLimits(value);
            }
        }
    }
}
