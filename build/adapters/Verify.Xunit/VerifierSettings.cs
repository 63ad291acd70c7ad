using DiffEngine;

namespace VerifyTests;

/// <summary>Names a test parameter in the name of a snapshot file.</summary>
public delegate string ParameterToName<in T>(T parameter);

/// <summary>Settings for all tests. Make them in a module initializer: each throws once a snapshot has been verified.</summary>
public static class VerifierSettings
{
    /// <summary>Writes snapshots without a byte order mark.</summary>
    public static void UseUtf8NoBom() =>
        GlobalSettings.Change().Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Leaves the texts out of failure messages.</summary>
    public static void OmitContentFromException() => GlobalSettings.Change().OmitContent = true;

    /// <summary>Approves what every test receives.</summary>
    public static void AutoVerify(bool includeBuildServer = true, bool throwException = false)
    {
        var settings = GlobalSettings.Change();
        if (!includeBuildServer && BuildServerDetector.Detected) return;
        (settings.AutoVerify, settings.ThrowException) = (true, throwException);
    }

    /// <summary>Allows two tests to share a snapshot.</summary>
    public static void DisableRequireUniquePrefix() => GlobalSettings.Change().UniquePrefixDisabled = true;

    /// <summary>Names parameters of a type.</summary>
    public static void NameForParameter<T>(ParameterToName<T> func) =>
        GlobalSettings.Change().ParameterNames[typeof(T)] = value => func((T)value);
}
