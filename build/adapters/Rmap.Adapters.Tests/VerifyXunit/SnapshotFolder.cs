using System.Runtime.CompilerServices;

namespace Rmap.Adapters.Tests.VerifyXunit;

/// <summary>A folder of its own for the snapshots of one test, and the settings to use it without opening a diff tool.</summary>
public abstract class SnapshotFolder : IDisposable
{
    protected string Folder { get; } = Directory.CreateTempSubdirectory("snapshots").FullName;

    protected static byte[] ByteOrderMark { get; } = [0xEF, 0xBB, 0xBF];

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected VerifySettings Settings()
    {
        var settings = new VerifySettings();
        settings.UseDirectory(Folder);
        settings.DisableDiff();
        return settings;
    }

    /// <summary>Verifies a text that has no snapshot yet, and gives the name of the received file.</summary>
    protected async Task<string> ReceivedName(Func<SettingsTask, SettingsTask>? change = null)
    {
        await Failure(Change(change));
        return Assert.Single(Names());
    }

    /// <summary>Approves a text, and gives the name of the verified file.</summary>
    protected async Task<string> VerifiedName(Func<SettingsTask, SettingsTask>? change = null)
    {
        await Change(change).AutoVerify();
        return Assert.Single(Names());
    }

    protected static async Task<string> Failure(SettingsTask verification) =>
        (await Assert.ThrowsAnyAsync<Exception>(() => verification)).Message;

    /// <summary>The name that a snapshot of the running test has.</summary>
    protected string FileName(string kind, [CallerMemberName] string method = "") => $"{GetType().Name}.{method}.{kind}.txt";

    protected string PathOf(string file) => Path.Combine(Folder, file);

    protected void Write(string file, string content) => File.WriteAllBytes(PathOf(file), System.Text.Encoding.UTF8.GetBytes(content));

    protected IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private SettingsTask Change(Func<SettingsTask, SettingsTask>? change)
    {
        var verification = Verify("text", Settings());
        return change is null ? verification : change(verification);
    }
}
