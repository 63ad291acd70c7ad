namespace Rmap.Properties.Architecture;

/// <summary>What breaks a rule of the floors is told with both names and the line.</summary>
public class PlantedArrowTests
{
    private static readonly Source Page = new("Rmap.Model/Types/Page.cs", """
        namespace Rmap.Model.Types;
        public class Page { public VmArea Vma; }
        """);

    private static readonly Source VmArea = new("Rmap.Model/Types/VmArea.cs", """
        namespace Rmap.Model.Types;
        public class AnonVma { public int Root; }
        public class VmArea { public AnonVma Own; public Page Page; }
        """);

    private static readonly Source Zap = new("Rmap.Model/Memory/Zap.cs", """
        namespace Rmap.Model.Memory;
        public static class Zap { public static bool Range(Types.Page page) => page.Vma != null; }
        """);

    private static readonly Source RmapWalk = new("Rmap.Model/Rmap/RmapWalk.cs", """
        namespace Rmap.Model.Rmap;
        public static class RmapWalk { public static int Visits; }
        """);

    [Fact]
    public void Arrows_that_go_down_and_structs_that_point_at_each_other()
    {
        IReadOnlyList<Arrow> arrows = Read(Page, VmArea, Zap);
        Assert.Empty(FloorRules.Upward(arrows));
        Assert.Empty(FloorRules.FileCycles(arrows));
        Assert.Empty(FloorRules.FolderCycles(arrows, Project.Model));
        Assert.Empty(FloorRules.NamesTheDesign(arrows));
    }

    [Fact]
    public void An_arrow_that_goes_up() => Told(
        FloorRules.Upward(Read(Page, VmArea, Zap, new("Rmap.Model/Types/Pins.cs", """
            namespace Rmap.Model.Types;
            class Pins
            {
                bool Release(Page page) => Memory.Zap.Range(page);
            }
            """))),
        "Rmap.Model/Types/Pins.cs:4 -> Rmap.Model/Memory/Zap.cs (Zap)",
        "Rmap.Model/Types/Pins.cs:4 -> Rmap.Model/Memory/Zap.cs (Zap.Range)");

    [Fact]
    public void An_arrow_that_goes_up_from_a_lambda_and_without_a_name() => Told(
        FloorRules.Upward(Read(
            new("Rmap.Model/Space/Fork.cs", "namespace Rmap.Model.Space; public class Fork { public int Depth; }"),
            new("Rmap.Model/Space/Mmap.cs", "namespace Rmap.Model.Space; public class Mmap { public static Fork[] All() => []; }"),
            new("Rmap.Model/Ksm/Scan.cs", """
                namespace Rmap.Model.Ksm;
                class Scan
                {
                    Func<int, object> first = from => Space.Mmap.All()
                        .Skip(from).First();
                }
                """))),
        "Rmap.Model/Ksm/Scan.cs:4 -> Rmap.Model/Space/Fork.cs (Fork)",
        "Rmap.Model/Ksm/Scan.cs:4 -> Rmap.Model/Space/Mmap.cs (Mmap)",
        "Rmap.Model/Ksm/Scan.cs:4 -> Rmap.Model/Space/Mmap.cs (Mmap.All)");

    /// <summary>Wherever a file can say a type or use a member, the arrow is seen.</summary>
    [Theory]
    [InlineData("int Member() => Low<Fork>.N;")]
    [InlineData("int Member() => Low<Fork>.F();")]
    [InlineData("int Member() => Low<Fork>.In.C;")]
    [InlineData("int Member() => Base<Fork>.SV;")]
    [InlineData("Alias field;")]
    [InlineData("Pair pair;")]
    [InlineData("int Member() => Alias.N;")]
    [InlineData("int Member() => Derived.SV;")]
    [InlineData("void Member() { void Local(Fork fork) { } }")]
    [InlineData("void Member() { void Local<T>() where T : Fork { } }")]
    [InlineData("void Member() { void Local(int depth = Fork.Depth) { } }")]
    [InlineData("void Member() { [Marked] void Local() { } }")]
    [InlineData("object Member() => (int depth = Fork.Depth) => depth;")]
    [InlineData("object Member() => [Marked] () => 0;")]
    [InlineData("void Member(Low<int> low) { foreach (int each in low) { } }")]
    [InlineData("void Member(Low<int>[] lows) { foreach ((int one, int other) in lows) { } }")]
    [InlineData("void Member(Low<int> low) { (int one, int other) = low; }")]
    [InlineData("bool Member(Low<int> low) => low is (1, 2);")]
    [InlineData("async Task Member(Low<int> low) => await low;")]
    [InlineData("int Member() => sizeof(Slot);")]
    [InlineData("void Member() { Slot* slot = null; }")]
    [InlineData("void Member() { var slots = stackalloc Slot[2]; }")]
    [InlineData("void Member() { delegate*<Slot, void> done = null; }")]
    public void An_arrow_that_goes_up_from(string member) => Assert.Contains(
        FloorRules.Upward(Read(
            new("Rmap.Model/Space/Fork.cs", """
                namespace Rmap.Model.Space;
                using Rmap.Model.Types;
                public class Fork { public const int Depth = 1; }
                public class Derived : Base<int>;
                public struct Slot;
                public class MarkedAttribute : Attribute;
                public static class Patterns
                {
                    public static IEnumerator<int> GetEnumerator(this Low<int> low) => null;
                    public static void Deconstruct(this Low<int> low, out int one, out int other) => one = other = 0;
                    public static System.Runtime.CompilerServices.TaskAwaiter GetAwaiter(this Low<int> low) => default;
                }
                """),
            new("Rmap.Model/Types/Low.cs", """
                namespace Rmap.Model.Types;
                public class Low<T> { public const int N = 1; public static int F() => 0; public class In { public const int C = 1; } }
                public class Base<T> { public static int SV; }
                """),
            new("Rmap.Model/Types/Pins.cs", $$"""
                namespace Rmap.Model.Types;
                using Rmap.Model.Space;
                using Alias = Low<Rmap.Model.Space.Fork>;
                using Pair = (Rmap.Model.Space.Fork One, int Other);
                unsafe class Pins
                {
                    {{member}}
                }
                """))),
        told => told.StartsWith("Rmap.Model/Types/Pins.cs:7 -> Rmap.Model/Space/Fork.cs (", StringComparison.Ordinal));

    [Fact]
    public void A_room_that_may_look_at_some_others_only() => Told(
        FloorRules.Upward(Read(Page, VmArea, Zap, RmapWalk, new("Rmap.Model/Invariants/Life.cs", """
            namespace Rmap.Model.Invariants;
            class Life
            {
                int visits = Rmap.RmapWalk.Visits;
                bool lives = Memory.Zap.Range(new Types.Page());
            }
            """))),
        "Rmap.Model/Invariants/Life.cs:5 -> Rmap.Model/Memory/Zap.cs (Zap)",
        "Rmap.Model/Invariants/Life.cs:5 -> Rmap.Model/Memory/Zap.cs (Zap.Range)");

    [Fact]
    public void Files_that_use_each_other() => Told(
        FloorRules.FileCycles(Read(
            new("Rmap.Model/Ksm/Merge.cs", "namespace Rmap.Model.Ksm;\nclass Merge { Scan scan; }"),
            new("Rmap.Model/Ksm/Scan.cs", "namespace Rmap.Model.Ksm;\nclass Scan\n{\n    Tree tree;\n}"),
            new("Rmap.Model/Ksm/Tree.cs", "namespace Rmap.Model.Ksm;\nclass Tree { public object Top = new Merge(); }"))),
        """
        Rmap.Model/Ksm/Merge.cs:2 -> Rmap.Model/Ksm/Scan.cs (Scan)
            Rmap.Model/Ksm/Scan.cs:4 -> Rmap.Model/Ksm/Tree.cs (Tree)
            Rmap.Model/Ksm/Tree.cs:2 -> Rmap.Model/Ksm/Merge.cs (Merge)
        """);

    [Fact]
    public void Folders_that_use_each_other()
    {
        IReadOnlyList<Arrow> arrows = Read(
            new("Rmap.Model/Left/One.cs", "namespace Rmap.Model.Left;\npublic class One { Right.Two two; }"),
            new("Rmap.Model/Left/Three.cs", "namespace Rmap.Model.Left;\npublic class Three;"),
            new("Rmap.Model/Right/Two.cs", "namespace Rmap.Model.Right;\npublic class Two { public Left.Three Three; }"));
        Assert.Empty(FloorRules.FileCycles(arrows));
        Told(FloorRules.FolderCycles(arrows, Project.Model), """
            Rmap.Model/Left/One.cs:2 -> Rmap.Model/Right/Two.cs (Two)
                Rmap.Model/Right/Two.cs:2 -> Rmap.Model/Left/Three.cs (Three)
            """);
    }

    [Fact]
    public void A_room_that_knows_the_design() => Told(
        FloorRules.NamesTheDesign(Read(Page, VmArea, new("Rmap.Model/Space/Fork.cs", """
            namespace Rmap.Model.Space;
            class Fork
            {
                int Root(Types.VmArea vma)
                {
                    var own = vma.Own;
                    return own.Root;
                }
            }
            """))),
        "Rmap.Model/Space/Fork.cs:6 -> Rmap.Model/Types/VmArea.cs (AnonVma)",
        "Rmap.Model/Space/Fork.cs:6 -> Rmap.Model/Types/VmArea.cs (VmArea.Own)",
        "Rmap.Model/Space/Fork.cs:7 -> Rmap.Model/Types/VmArea.cs (AnonVma)",
        "Rmap.Model/Space/Fork.cs:7 -> Rmap.Model/Types/VmArea.cs (AnonVma.Root)");

    [Fact]
    public void A_file_in_no_room()
    {
        Source old = new("Rmap.Model/Attic/Old.cs", "namespace Rmap.Model.Attic;\npublic class Old { public Types.Page Page; }");
        Told(FloorRules.Homeless([new(Floors.Imports, "global using System.Text;"), Page, old]), old.Path);
        Source gup = new("Rmap.Model/Memory/Gup.cs", "namespace Rmap.Model.Memory;\nclass Gup : Attic.Old;");
        Told(
            FloorRules.Upward(Read(Page, VmArea, old, gup)),
            "Rmap.Model/Attic/Old.cs:2 -> Rmap.Model/Types/Page.cs (Page)",
            "Rmap.Model/Memory/Gup.cs:2 -> Rmap.Model/Attic/Old.cs (Old)");
    }

    [Fact]
    public void A_room_that_is_too_large() => Assert.StartsWith(
        "Execution has 165 lines and is meant to have 160",
        Assert.Single(FloorRules.TooLarge([Page, new("Rmap.Model/Execution.cs", new string('\n', 165))])),
        StringComparison.Ordinal);

    [Fact]
    public void A_name_that_means_nothing()
    {
        var reader = new ArrowReader();
        reader.Read(Project.Model, [new Source("Rmap.Model/Types/Page.cs", """
            namespace Rmap.Model.Types;
            class Page
            {
                int count = Missing.Count;
                Lost lost;
            }
            """)]);
        Assert.Contains("Rmap.Model/Types/Page.cs:4 Missing", reader.Unknown);
        Assert.Contains("Rmap.Model/Types/Page.cs:5 Lost", reader.Unknown);
    }

    private static IReadOnlyList<Arrow> Read(params Source[] sources)
    {
        var reader = new ArrowReader();
        reader.Read(Project.Model, sources);
        Assert.Empty(reader.Unknown);
        return reader.Arrows;
    }

    private static void Told(IEnumerable<string> told, params string[] expected) =>
        Assert.Equal(expected, told.Order(StringComparer.Ordinal));
}
