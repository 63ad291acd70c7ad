using System.Reflection;
using System.Text;

namespace Rmap.Adapters.Tests;

/// <summary>
/// What the stand-in exports. The published package has all of it, in this shape; a member added here may not exist there, and then
/// test sources that use it would not compile with it.
/// </summary>
public class ApiSurfaceTests
{
    [Fact]
    public Task Verify_Xunit() => Verify(Surface(typeof(SettingsTask).Assembly, "Verify.Xunit"));

    private static string Surface(Assembly assembly, string name)
    {
        Assert.Equal(name, assembly.GetName().Name);
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            var bases = new[] { type.BaseType }.Concat(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []))
                .Where(parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType) && parent.IsPublic)
                .Select(parent => Name(parent!));
            text.Append($"{type.Namespace}.{Name(type)} : {string.Join(", ", bases)}".TrimEnd(' ', ':')).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal)) text.Append("    ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type)) return [Describe(type.GetMethod("Invoke")!)];
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMembers(Declared | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(IsVisible)
            .Select(Describe);
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => false,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors().Length > 0,
        FieldInfo field => field.IsPublic || field.IsFamily,
        Type => false,
        _ => true,
    };

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method =>
            $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{"
            + $"{(property.GetMethod is { IsPublic: true } ? " get;" : "")}{(property.SetMethod is { IsPublic: true } ? " set;" : "")} }}",
        _ => member.ToString()!,
    };

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{(parameter.IsOut ? "out " : "")}"
        + $"{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}"));

    private static string Default(ParameterInfo parameter) => parameter switch
    {
        { HasDefaultValue: false } => "",
        { DefaultValue: string text } => $" = \"{text}\"",
        _ => $" = {parameter.DefaultValue ?? "null"}",
    };

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
    }
}
