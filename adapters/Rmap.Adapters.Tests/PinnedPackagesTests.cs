using System.Reflection;

namespace Rmap.Adapters.Tests;

public class PinnedPackagesTests
{
    [Fact]
    public void The_assemblies_are_named_as_the_published_packages_name_them()
    {
        Assert.Equal("FsCheck.Xunit", Assembly.Load("FsCheck.Xunit").GetName().Name);
        Assert.Equal("Verify.Xunit", Assembly.Load("Verify.Xunit").GetName().Name);
    }
}
