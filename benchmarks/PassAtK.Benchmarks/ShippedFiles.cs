namespace PassAtK.Benchmarks;

/// <summary>Files of the repository, found from wherever the benchmark was built to.</summary>
internal static class ShippedFiles
{
    private static readonly string Root = FindRoot();

    public static string Models => Path.Combine(Root, "models");

    public static string Readme => Path.Combine(Root, "README.md");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PassAtK.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"There is no PassAtK.sln above {AppContext.BaseDirectory}: run the benchmarks in a clone of the repository.");
    }
}
