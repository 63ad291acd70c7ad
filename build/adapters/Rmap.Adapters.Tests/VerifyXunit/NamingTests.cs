using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rmap.Adapters.Tests.VerifyXunit;

/// <summary>What a snapshot file is called, and where it is.</summary>
public class NamingTests : SnapshotFolder
{
    private static readonly string Runtime = $"DotNet{Environment.Version.Major}_{Environment.Version.Minor}";

    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { "plain text", "plain text" },
        { "a\"b\\c<d>e|f:g*h?i/j\tk\nl\0m\u001fn", "a-b-c-d-e-f-g-h-i-j-k-l-m-n" },
        { true, "True" },
        { 42, "42" },
        { -7L, "-7" },
        { 1.5, "1.5" },
        { 0.25f, "0.25" },
        { 3.10m, "3.10" },
        { 'x', "x" },
        { DayOfWeek.Friday, "Friday" },
        { Array.Empty<int>(), "[]" },
        { new[] { 1, 2 }, "1,2" },
        { new object?[] { "a/b", null, new[] { 3, 4 }, Array.Empty<int>() }, "a-b,null,[3,4],[]" },
        { new Uri("http://a/b"), "http---a-b" },
    };

    [Fact]
    public async Task Type_and_method() =>
        Assert.Equal("NamingTests.Type_and_method.received.txt", await ReceivedName());

    [Fact]
    public async Task Other_extension()
    {
        await Failure(Verify("text", "md", Settings()));
        Assert.Equal(["NamingTests.Other_extension.received.md"], Names());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Verify("text", "png", Settings()));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Verify("text", ".md", Settings()));
    }

    [Fact]
    public async Task Type_and_method_names_can_be_replaced() =>
        Assert.Equal("A.B_1.received.txt", await ReceivedName(verify => verify.UseTypeName("A").UseMethodName("B_1")));

    [Fact]
    public async Task File_name_replaces_type_method_and_parameters() => Assert.Equal(
        $"free.{Runtime}.verified.txt",
        await VerifiedName(verify => verify.UseParameters(1).UseFileName("free").UniqueForRuntimeAndVersion()));

    [Theory]
    [InlineData(1, "b")]
    public async Task Parameters_stand_behind_the_method_by_name(int number, string letter) => Assert.Equal(
        "NamingTests.Parameters_stand_behind_the_method_by_name_number=1_letter=b.received.txt",
        await ReceivedName(verify => verify.UseParameters(number, letter)));

    [Theory]
    [InlineData(1, "b")]
    public async Task Fewer_values_than_parameters_name_the_first(int number, string letter)
    {
        Assert.Equal("b", letter);
        Assert.Equal(
            "NamingTests.Fewer_values_than_parameters_name_the_first_number=1.received.txt",
            await ReceivedName(verify => verify.UseParameters(number)));
    }

    [Theory]
    [InlineData(1)]
    public async Task More_values_than_parameters_throw(int number)
    {
        var message = await Failure(Verify("text", Settings()).UseParameters(number, 2));
        Assert.StartsWith("The number of passed in parameters (2) must not exceed the number of parameters for the method (1).", message);
    }

    [Theory]
    [InlineData(1)]
    public async Task Parameters_are_named_only_when_asked_for(int number)
    {
        Assert.Equal(1, number);
        Assert.Equal("NamingTests.Parameters_are_named_only_when_asked_for.received.txt", await ReceivedName());
    }

    [Fact]
    public async Task A_method_without_parameters_ignores_values() => Assert.Equal(
        "NamingTests.A_method_without_parameters_ignores_values.received.txt",
        await ReceivedName(verify => verify.UseParameters(1, 2)));

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task A_value_is_text_that_any_file_system_takes(object? value, string expected) => Assert.Equal(
        $"NamingTests.A_value_is_text_that_any_file_system_takes_value={expected}.received.txt",
        await ReceivedName(verify => verify.UseParameters([value])));

    [Theory]
    [InlineData(new[] { 1, 2 })]
    public async Task An_array_is_one_value(int[] numbers) => Assert.Equal(
        "NamingTests.An_array_is_one_value_numbers=1,2.received.txt",
        await ReceivedName(verify => verify.UseParameters(numbers)));

    [Theory]
    [InlineData(1)]
    public async Task Values_that_the_adapter_does_not_name_throw(object value)
    {
        foreach (var other in (object[])[value, new DateTime(2026, 1, 1), new Dictionary<int, int> { [1] = 2 }, Enumerable.Range(1, 2)])
        {
            var verification = Verify("text", Settings()).UseParameters([other]);
            if (other is int) await Failure(verification);
            else await Assert.ThrowsAsync<NotSupportedException>(() => verification);
        }
    }

    [Theory]
    [InlineData(1)]
    public async Task Text_for_parameters(int number) => Assert.Equal(
        $"NamingTests.Text_for_parameters_case {number}.verified.txt",
        await VerifiedName(verify => verify.UseTextForParameters($"case {number}")));

    [Theory]
    [InlineData(1, "b")]
    public async Task Ignored_parameters_are_in_the_received_name_only(int number, string letter)
    {
        Assert.Equal(
            "NamingTests.Ignored_parameters_are_in_the_received_name_only_letter=b.verified.txt",
            await VerifiedName(verify => verify.UseParameters(number, letter).IgnoreParameters(nameof(number))));
        var received = await Failure(Verify("other", Settings()).UseParameters(2, letter).IgnoreParameters(nameof(number)));
        Assert.Contains("Received: NamingTests.Ignored_parameters_are_in_the_received_name_only_number=2_letter=b.received.txt", received);
    }

    [Theory]
    [InlineData(1, "b")]
    public async Task All_parameters_are_ignored_when_none_is_named(int number, string letter)
    {
        Assert.Equal(
            "NamingTests.All_parameters_are_ignored_when_none_is_named.verified.txt",
            await VerifiedName(verify => verify.UseParameters(number, letter).IgnoreParameters()));
        Assert.StartsWith(
            "Some of the ignored parameter names (nobody) do not exist",
            await Failure(Verify("text", Settings()).UseParameters(2, letter).IgnoreParameters("nobody")));
    }

    [Fact]
    public async Task Uniqueness_is_appended_in_order() => Assert.Equal(
        $"NamingTests.Uniqueness_is_appended_in_order.{Architecture}.{Platform}.{Runtime}.verified.txt",
        await VerifiedName(verify => verify.UniqueForRuntimeAndVersion().UniqueForOSPlatform().UniqueForArchitecture()));

    [Fact]
    public async Task The_runtime_is_not_in_the_received_name() => Assert.Equal(
        $"NamingTests.The_runtime_is_not_in_the_received_name.{Platform}.received.txt",
        await ReceivedName(verify => verify.UniqueForRuntime().UniqueForOSPlatform()));

    [Fact]
    public async Task The_runtime_may_stand_without_its_version() => Assert.Equal(
        "NamingTests.The_runtime_may_stand_without_its_version.DotNet.verified.txt",
        await VerifiedName(verify => verify.UniqueForRuntime()));

    [Fact]
    public void Received_files_of_a_project_with_several_frameworks_are_told_apart()
    {
        var (received, verified) = SnapshotName.Prefixes(new VerifySettings(), "T", "M", [], multiTargeted: true);
        Assert.Equal($"T.M.{Runtime}", received);
        Assert.Equal("T.M", verified);
    }

    [Fact]
    public async Task A_directory_is_relative_to_the_source_file_and_made()
    {
        var sourceFile = PathOf("Source.cs");
        var settings = Settings();
        settings.UseDirectory("a/b");
        var message = await Failure(Verify("text", settings, sourceFile));
        Assert.StartsWith($"Directory: {PathOf("a/b")}\n", message);
        Assert.True(File.Exists(PathOf("a/b/NamingTests.A_directory_is_relative_to_the_source_file_and_made.received.txt")));
    }

    [Fact]
    public async Task The_default_directory_is_that_of_the_source_file()
    {
        var settings = new VerifySettings();
        settings.DisableDiff();
        Assert.StartsWith($"Directory: {Folder}\n", await Failure(Verify("text", settings, PathOf("Source.cs"))));
    }

    [Fact]
    public async Task A_mapped_source_path_is_refused()
    {
        var message = await Failure(Verify("text", new VerifySettings(), "/_/Tests/Source.cs"));
        Assert.Contains("DeterministicSourcePaths=false", message);
    }

    [Fact]
    public void This_project_is_built_with_real_source_paths() => Assert.True(File.Exists(ThisFile()));

    [Fact]
    public async Task The_same_prefix_twice_throws()
    {
        await Failure(Verify("text", Settings()));
        Assert.StartsWith("The prefix has already been used", await Failure(Verify("text", Settings())));
        Assert.StartsWith("Directory: ", await Failure(Verify("text", Settings()).UseMethodName("Another")));
        Assert.StartsWith("Directory: ", await Failure(Verify("text", Settings()).DisableRequireUniquePrefix()));
    }

    [Fact]
    public void Names_that_exclude_each_other_throw()
    {
        Assert.ThrowsAny<Exception>(() => Settings().Then(s => s.UseFileName("f")).UseTypeName("t"));
        Assert.ThrowsAny<Exception>(() => Settings().Then(s => s.UseFileName("f")).UseMethodName("m"));
        Assert.ThrowsAny<Exception>(() => Settings().Then(s => s.UseFileName("f")).UseParameters(1));
        Assert.ThrowsAny<Exception>(() => Settings().Then(s => s.UseTypeName("t")).UseFileName("f"));
        Assert.ThrowsAny<Exception>(() => Settings().Then(s => s.UseMethodName("m")).UseFileName("f"));
        Assert.ThrowsAny<Exception>(() => Settings().Then(s => s.UseParameters(1)).UseTextForParameters("t"));
        Assert.ThrowsAny<Exception>(() => Settings().Then(s => s.UseTextForParameters("t")).UseParameters(1));
    }

    [Fact]
    public void Names_that_some_file_system_refuses_throw()
    {
        foreach (var name in (string[])["", "a/b", "a\\b", "a:b", "a*", "a?", "a\"", "a<", "a>", "a|", "a\t"])
        {
            Assert.ThrowsAny<ArgumentException>(() => Settings().UseFileName(name));
            Assert.ThrowsAny<ArgumentException>(() => Settings().UseTypeName(name));
            Assert.ThrowsAny<ArgumentException>(() => Settings().UseMethodName(name));
        }

        Assert.ThrowsAny<ArgumentException>(() => Settings().UseDirectory("a*"));
        Assert.ThrowsAny<ArgumentException>(() => Settings().UseTextForParameters(".a"));
        Assert.ThrowsAny<ArgumentException>(() => Settings().UseTextForParameters("a/b"));
        Assert.ThrowsAny<ArgumentException>(() => Settings().UseParameters());
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string Platform => OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : "OSX";

    private static string ThisFile([CallerFilePath] string file = "") => file;

    public class Nested : SnapshotFolder
    {
        [Fact]
        public async Task Test() => Assert.Equal("NamingTests.Nested.Test.received.txt", await ReceivedName());

        public class Deeper : SnapshotFolder
        {
            [Fact]
            public async Task Test() => Assert.Equal("Nested.Deeper.Test.received.txt", await ReceivedName());
        }
    }
}

public abstract class InheritedTests : SnapshotFolder
{
    [Fact]
    public async Task An_inherited_test_is_named_after_the_concrete_class() =>
        Assert.Equal(FileName("received"), await ReceivedName());
}

public class FirstConcreteTests : InheritedTests;

public class SecondConcreteTests : InheritedTests;

internal static class Fluent
{
    public static T Then<T>(this T value, Action<T> change)
    {
        change(value);
        return value;
    }
}
