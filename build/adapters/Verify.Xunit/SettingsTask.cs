using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>A verification about to run: await it, or return it from the test as a task. It runs once, when first asked for.</summary>
public class SettingsTask
{
    private readonly VerifySettings settings;
    private readonly Func<VerifySettings, Task<VerifyResult>> verify;
    private Task<VerifyResult>? task;

    internal SettingsTask(VerifySettings? settings, Func<VerifySettings, Task<VerifyResult>> verify)
    {
        this.settings = new VerifySettings(settings);
        this.verify = verify;
    }

    /// <summary>The settings that the verification will run with.</summary>
    public VerifySettings CurrentSettings => task is null
        ? settings
        : throw new InvalidOperationException(
            "This SettingsTask has already been awaited or converted to a Task and can no longer be modified.");

    /// <summary>Runs the verification.</summary>
    public static implicit operator Task<VerifyResult>(SettingsTask settingsTask) => settingsTask.ToTask();

    /// <summary>Runs the verification.</summary>
    public Task<VerifyResult> ToTask() => task ??= verify(settings);

    /// <summary>Runs the verification.</summary>
    public TaskAwaiter<VerifyResult> GetAwaiter() => ToTask().GetAwaiter();

    /// <summary>Runs the verification.</summary>
    public ConfiguredTaskAwaitable<VerifyResult> ConfigureAwait(bool continueOnCapturedContext) =>
        ToTask().ConfigureAwait(continueOnCapturedContext);

    /// <inheritdoc cref="VerifySettings.UseDirectory"/>
    public SettingsTask UseDirectory(string directory) => With(s => s.UseDirectory(directory));

    /// <inheritdoc cref="VerifySettings.UseFileName"/>
    public SettingsTask UseFileName(string fileName) => With(s => s.UseFileName(fileName));

    /// <inheritdoc cref="VerifySettings.UseTypeName"/>
    public SettingsTask UseTypeName(string name) => With(s => s.UseTypeName(name));

    /// <inheritdoc cref="VerifySettings.UseMethodName"/>
    public SettingsTask UseMethodName(string name) => With(s => s.UseMethodName(name));

    /// <inheritdoc cref="VerifySettings.UseParameters(object?[])"/>
    public SettingsTask UseParameters(params object?[] parameters) => With(s => s.UseParameters(parameters));

    /// <inheritdoc cref="VerifySettings.UseParameters{T}(T)"/>
    public SettingsTask UseParameters<T>(T parameter) => With(s => s.UseParameters(parameter));

    /// <inheritdoc cref="VerifySettings.UseParameters{T}(T[])"/>
    public SettingsTask UseParameters<T>(T[] parameters) => With(s => s.UseParameters(parameters));

    /// <inheritdoc cref="VerifySettings.UseTextForParameters"/>
    public SettingsTask UseTextForParameters(string parametersText) => With(s => s.UseTextForParameters(parametersText));

    /// <inheritdoc cref="VerifySettings.IgnoreParameters"/>
    public SettingsTask IgnoreParameters(params string[] parameterNames) => With(s => s.IgnoreParameters(parameterNames));

    /// <inheritdoc cref="VerifySettings.DisableDiff"/>
    public SettingsTask DisableDiff() => With(s => s.DisableDiff());

    /// <inheritdoc cref="VerifySettings.AutoVerify"/>
    public SettingsTask AutoVerify(bool includeBuildServer = true, bool throwException = false) =>
        With(s => s.AutoVerify(includeBuildServer, throwException));

    /// <inheritdoc cref="VerifySettings.DisableRequireUniquePrefix"/>
    public SettingsTask DisableRequireUniquePrefix() => With(s => s.DisableRequireUniquePrefix());

    /// <inheritdoc cref="VerifySettings.UniqueForArchitecture"/>
    public SettingsTask UniqueForArchitecture() => With(s => s.UniqueForArchitecture());

    /// <inheritdoc cref="VerifySettings.UniqueForOSPlatform"/>
    public SettingsTask UniqueForOSPlatform() => With(s => s.UniqueForOSPlatform());

    /// <inheritdoc cref="VerifySettings.UniqueForRuntime"/>
    public SettingsTask UniqueForRuntime() => With(s => s.UniqueForRuntime());

    /// <inheritdoc cref="VerifySettings.UniqueForRuntimeAndVersion"/>
    public SettingsTask UniqueForRuntimeAndVersion() => With(s => s.UniqueForRuntimeAndVersion());

    /// <inheritdoc cref="VerifySettings.AddScrubber"/>
    public SettingsTask AddScrubber(Action<StringBuilder> scrubber) => With(s => s.AddScrubber(scrubber));

    /// <inheritdoc cref="VerifySettings.ScrubLinesContaining(string[])"/>
    public SettingsTask ScrubLinesContaining(params string[] stringToMatch) => With(s => s.ScrubLinesContaining(stringToMatch));

    /// <inheritdoc cref="VerifySettings.ScrubLinesContaining(StringComparison, string[])"/>
    public SettingsTask ScrubLinesContaining(StringComparison comparison, params string[] stringToMatch) =>
        With(s => s.ScrubLinesContaining(comparison, stringToMatch));

    private SettingsTask With(Action<VerifySettings> change)
    {
        change(CurrentSettings);
        return this;
    }
}
