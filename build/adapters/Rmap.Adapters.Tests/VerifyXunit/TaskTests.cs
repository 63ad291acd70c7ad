using System.Reflection;

namespace Rmap.Adapters.Tests.VerifyXunit;

/// <summary>A verification as a task, and its settings.</summary>
public class TaskTests : SnapshotFolder
{
    [Fact]
    public Task A_test_may_return_it_as_a_task()
    {
        Write(FileName("verified"), "text");
        return Verify("text", Settings());
    }

    [Fact]
    public async Task It_runs_once_and_only_when_asked_for()
    {
        var runs = 0;
        var verification = Verify("text", Settings()).AutoVerify().AddScrubber(_ => runs++);
        Assert.Equal(0, runs);
        var task = verification.ToTask();
        await verification;
        await verification.ConfigureAwait(false);
        Assert.Equal(1, runs);
        Assert.Same(task, verification.ToTask());
    }

    [Fact]
    public async Task It_cannot_be_changed_any_more_once_it_runs()
    {
        var verification = Verify("text", Settings()).AutoVerify();
        await verification;
        Assert.ThrowsAny<Exception>(() => verification.CurrentSettings);
        Assert.ThrowsAny<Exception>(() => { verification.UseMethodName("other"); });
    }

    [Fact]
    public void Settings_that_are_passed_are_copied()
    {
        var settings = Settings();
        settings.UseTypeName("T");
        var verification = Verify("text", settings).UseMethodName("M");
        settings.UseTypeName("Changed");
        Assert.Equal("T", verification.CurrentSettings.TypeName);
        Assert.Null(settings.MethodName);
    }

    [Fact]
    public void A_copy_of_settings_has_them_all()
    {
        var settings = new VerifySettings();
        settings.UseDirectory("d");
        settings.UseTypeName("t");
        settings.UseMethodName("m");
        settings.UseParameters(1, 2);
        settings.IgnoreParameters("p");
        settings.DisableDiff();
        settings.AutoVerify(throwException: true);
        settings.DisableRequireUniquePrefix();
        settings.UniqueForArchitecture();
        settings.UniqueForOSPlatform();
        settings.UniqueForRuntime();
        settings.AddScrubber(_ => { });
        var file = new VerifySettings();
        file.UseFileName("f");
        file.UseTextForParameters("x");

        Assert.Equivalent(settings, new VerifySettings(settings), strict: true);
        Assert.Equivalent(file, new VerifySettings(file), strict: true);
        var unset = typeof(VerifySettings)
            .GetProperties(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(property => Equals(property.GetValue(new VerifySettings()), property.GetValue(settings))
                && Equals(property.GetValue(new VerifySettings()), property.GetValue(file)));
        Assert.Empty(unset);
    }

    [Fact]
    public void Parameters_can_be_read_back()
    {
        var settings = new VerifySettings();
        Assert.False(settings.HasParameters);
        Assert.False(settings.TryGetParameters(out _));
        settings.UseParameters(1, "b");
        Assert.True(settings.HasParameters);
        Assert.True(settings.TryGetParameters(out var parameters));
        Assert.Equal([1, "b"], parameters);
    }

    [Fact]
    public async Task Without_a_current_test_it_says_so()
    {
        // Outside the flow of this test, as a [Property] runs, around which xunit does not call the attribute that remembers the test.
        Task<Exception> run;
        using (ExecutionContext.SuppressFlow()) run = Task.Run(() => Assert.ThrowsAnyAsync<Exception>(async () => await Verify("text")));
        Assert.Contains("Could not resolve the current test info", (await run).Message);
    }
}
