namespace Rmap.Properties.Drawing;

/// <summary>A test that opens a page in a browser. Without Chromium it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsBrowserFactAttribute : FactAttribute
{
    public NeedsBrowserFactAttribute() =>
        Skip = Browser.Path is null ? "There is no chromium: install it to have the pages opened and stepped through." : null;
}
