namespace PassAtK.Tests;

/// <summary>
/// Where the tests find files of the repository and of the `shared` folder beside it. PASSATK_REPOSITORY names the repository
/// where the tests run apart from it (a published test program on another machine).
/// </summary>
internal static class RepositoryPaths
{
    /// <summary>The folder that holds PassAtK.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the repository.</summary>
    public static string InRepository(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A path inside `../shared`; the calling test is skipped, saying so, where it is absent.</summary>
    public static string InSharedOrSkip(params string[] parts)
    {
        var path = Path.Combine([Root, "..", "shared", .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"needs {Path.Combine(["../shared", .. parts])}, which is absent here");
        return Path.GetFullPath(path);
    }

    private static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable("PASSATK_REPOSITORY") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PassAtK.sln")))
                return folder.FullName;
        }
        return Directory.GetCurrentDirectory();
    }
}
