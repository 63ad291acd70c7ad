namespace VerifyTests;

/// <summary>What the build wrote into a test assembly about its project.</summary>
internal sealed class ProjectInfo(Assembly assembly)
{
    public string Directory => Metadata("Verify.ProjectDirectory");

    public string SolutionDirectory => Metadata("Verify.SolutionDirectory");

    public bool IsMultiTargeted => Metadata("Verify.TargetFrameworks").Contains(';');

    /// <summary>
    /// Published versions replace such paths by names like {ProjectDirectory}. Not imitated here: a snapshot has no business with them.
    /// </summary>
    public void CheckNoMachinePath(string text)
    {
        var unified = text.Replace('\\', '/');
        string[] replaced = [AppContext.BaseDirectory, Environment.CurrentDirectory, Directory, SolutionDirectory, Path.GetTempPath()];
        foreach (var directory in replaced)
        {
            var path = directory.Replace('\\', '/').TrimEnd('/');
            if (path.Length > 1 && unified.Contains(path, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The text names a directory of this machine, '{path}'. Leave it out, or scrub it.");
            }
        }
    }

    private string Metadata(string key) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == key)?.Value
        ?? throw new InvalidOperationException(
            $"{assembly.GetName().Name} has no AssemblyMetadata '{key}'. Does its project import Verify.Xunit.props?");
}
