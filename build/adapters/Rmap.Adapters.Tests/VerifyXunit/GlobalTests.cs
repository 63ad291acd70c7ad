using DiffEngine;

namespace Rmap.Adapters.Tests.VerifyXunit;

/// <summary>These tests change settings of the whole process, so no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;

[Collection(nameof(WholeProcess))]
public sealed class GlobalTests : SnapshotFolder, IDisposable
{
    private readonly GlobalSettings before = GlobalSettings.Current;
    private readonly (bool Disabled, bool Detected) diff = (DiffRunner.Disabled, BuildServerDetector.Detected);

    public GlobalTests() => GlobalSettings.Current = new GlobalSettings();

    void IDisposable.Dispose()
    {
        GlobalSettings.Current = before;
        (DiffRunner.Disabled, BuildServerDetector.Detected) = diff;
        Dispose();
    }

    [Fact]
    public async Task Settings_for_all_tests_throw_once_a_snapshot_was_verified()
    {
        await Failure(Verify("text", Settings()));
        foreach (var change in (Action[])
            [
                VerifierSettings.UseUtf8NoBom,
                VerifierSettings.OmitContentFromException,
                VerifierSettings.DisableRequireUniquePrefix,
                () => VerifierSettings.AutoVerify(),
                () => VerifierSettings.NameForParameter<int>(_ => ""),
                () => DerivePathInfo((_, _, _, _) => new PathInfo()),
                () => UseProjectRelativeDirectory("snapshots"),
                () => UseSourceFileRelativeDirectory("snapshots"),
            ])
        {
            Assert.Contains("GlobalTests.Settings_for_all_tests_throw", Assert.ThrowsAny<Exception>(change).Message);
        }
    }

    [Fact]
    public async Task The_byte_order_mark_can_be_left_out()
    {
        VerifierSettings.UseUtf8NoBom();
        await Failure(Verify("é", Settings()));
        Assert.Equal([.. "é"u8], File.ReadAllBytes(PathOf(FileName("received"))));
    }

    [Fact]
    public async Task The_content_can_be_left_out()
    {
        VerifierSettings.OmitContentFromException();
        Write(FileName("verified"), "old");
        Assert.EndsWith($"    Verified: {FileName("verified")}\n", await Failure(Verify("new", Settings())));
    }

    [Fact]
    public async Task All_tests_can_be_approved()
    {
        VerifierSettings.AutoVerify(throwException: true);
        await Failure(Verify("new", Settings()));
        Assert.Equal([FileName("verified")], Names());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Approving_may_spare_a_build_server(bool forAll)
    {
        BuildServerDetector.Detected = true;
        var settings = Settings();
        if (forAll) VerifierSettings.AutoVerify(includeBuildServer: false);
        else settings.AutoVerify(includeBuildServer: false);
        await Failure(Verify("new", settings));
        Assert.Equal([FileName("received")], Names());
    }

    [Fact]
    public async Task Prefixes_need_not_be_unique_at_all()
    {
        VerifierSettings.DisableRequireUniquePrefix();
        Assert.StartsWith("Directory: ", await Failure(Verify("text", Settings())));
        Assert.StartsWith("Directory: ", await Failure(Verify("text", Settings())));
    }

    [Theory]
    [InlineData("file")]
    public async Task A_type_of_parameter_can_be_named(string scheme)
    {
        VerifierSettings.NameForParameter<Uri>(uri => uri.Scheme + "-uri");
        Assert.Equal(
            "GlobalTests.A_type_of_parameter_can_be_named_scheme=file-uri.received.txt",
            await ReceivedName(verify => verify.UseParameters(new Uri($"{scheme}:///a"))));
    }

    [Fact]
    public async Task Paths_can_be_derived_and_the_test_overrides_them()
    {
        DerivePathInfo((sourceFile, projectDirectory, type, method) =>
        {
            Assert.Equal(PathOf("Source.cs"), sourceFile);
            Assert.True(File.Exists(Path.Combine(projectDirectory, "Rmap.Adapters.Tests.csproj")));
            return new PathInfo(PathOf("derived"), type.Name + "1", method.Name[..5]);
        });
        var settings = new VerifySettings();
        settings.DisableDiff();
        await Failure(Verify("text", settings, PathOf("Source.cs")));
        Assert.True(File.Exists(PathOf("derived/GlobalTests1.Paths.received.txt")));

        await Failure(Verify("text", Settings(), PathOf("Source.cs")).UseTypeName("T").UseMethodName("M"));
        Assert.Equal(["T.M.received.txt"], Names());
    }

    [Fact]
    public async Task Snapshots_can_be_kept_in_one_directory_relative_to_the_source_file()
    {
        UseSourceFileRelativeDirectory("snapshots");
        var settings = new VerifySettings();
        settings.DisableDiff();
        await Failure(Verify("text", settings, PathOf("Source.cs")));
        Assert.True(File.Exists(Path.Combine(PathOf("snapshots"), FileName("received"))));
    }

    [Fact]
    public async Task Snapshots_can_be_kept_in_one_directory_of_the_project()
    {
        // A path out of the project, so that nothing is written into it.
        var project = new ProjectInfo(typeof(GlobalTests).Assembly).Directory;
        UseProjectRelativeDirectory(Path.GetRelativePath(project, Folder));
        var settings = new VerifySettings();
        settings.DisableDiff();
        await Failure(Verify("text", settings));
        Assert.Equal([FileName("received")], Names());
    }

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    public async Task A_diff_tool_opens_where_a_person_sits(bool disabledForAll, bool onBuildServer, bool disabledForTest, bool opens)
    {
        if (OperatingSystem.IsWindows()) return;
        DiffRunner.Disabled = disabledForAll;
        BuildServerDetector.Detected = onBuildServer;
        var tool = PathOf("tool.sh");
        File.WriteAllText(tool, "#!/bin/sh\ntouch \"$1.opened\"\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DiffTools.AddTool(
            $"tool {Folder}", autoRefresh: false, isMdi: false, supportsText: true, requiresTarget: false, useShellExecute: false,
            new LaunchArguments((received, _) => $"\"{received}\"", (received, _) => $"\"{received}\""), tool, [], createNoWindow: true);

        var settings = new VerifySettings();
        settings.UseDirectory(Folder);
        if (disabledForTest) settings.DisableDiff();
        await Failure(Verify("new", settings).UseMethodName($"Diff{opens}"));

        var opened = PathOf($"GlobalTests.Diff{opens}.received.txt.opened");
        Assert.Equal(opens, SpinWait.SpinUntil(() => File.Exists(opened), opens ? 10_000 : 200));
    }
}
