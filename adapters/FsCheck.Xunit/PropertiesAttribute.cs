namespace FsCheck.Xunit;

/// <summary>Settings for all properties of a class, of the classes nested in it, or of an assembly.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Assembly)]
public class PropertiesAttribute : PropertyAttribute;
