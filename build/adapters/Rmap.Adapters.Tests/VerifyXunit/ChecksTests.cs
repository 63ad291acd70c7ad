namespace Rmap.Adapters.Tests.VerifyXunit;

/// <summary>The check that git and editors leave snapshots alone, on this repository and on broken ones.</summary>
public class ChecksTests : SnapshotFolder
{
    private const string Attributes =
        "*.verified.md text eol=lf working-tree-encoding=UTF-8\n*.verified.txt text eol=lf working-tree-encoding=UTF-8\n";

    [Fact]
    public Task This_repository_is_set_up() => VerifyChecks.Run();

    [Theory]
    [InlineData(".gitignore", "bin/", "*.received.*")]
    [InlineData(".gitattributes", "*.verified.txt text", "*.verified.md text eol=lf working-tree-encoding=UTF-8")]
    [InlineData(".editorconfig", "[*.{received,verified}.{txt}]", "[*.{received,verified}.{md,txt}]")]
    [InlineData("Tests.csproj", "<None Update=\"A.B.verified.txt\">", "imports a snapshot")]
    [InlineData("A.B.verified.json", "{}", "'json', which this adapter does not support")]
    public void What_is_missing_is_named(string file, string content, string expected)
    {
        Write(".gitignore", "bin/\n*.received.*\n");
        Write(".gitattributes", Attributes);
        Write(".editorconfig", "[*.{received,verified}.{txt,md}]");
        Write("Tests.csproj", "<Project/>");
        Write("A.B.verified.txt", "text");
        Write("A.C.verified.md", "text");
        VerifyChecks.Check(Folder);

        Write(file, content);
        Assert.Contains(expected, Assert.ThrowsAny<Exception>(() => VerifyChecks.Check(Folder)).Message);
    }
}
