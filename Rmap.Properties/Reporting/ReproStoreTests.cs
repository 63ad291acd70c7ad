using System.Text;

namespace Rmap.Properties.Reporting;

/// <summary>What is found is not lost, whatever lies in the folder and whoever else writes there.</summary>
public sealed class ReproStoreTests : IDisposable
{
    private static readonly Scenario Repro = ScenarioText.Parse("rules linux-6.18\nP0 mmap 0+1 rw private anon\nP0 write 0 = 1\n");

    private readonly string folder = Directory.CreateTempSubdirectory("rmap").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_repro_is_read_as_it_was_saved()
    {
        var store = new ReproStore(Path.Combine(folder, "made", "on", "the", "way"));
        Assert.Empty(store.Files());
        Assert.Null(store.Probe());
        Assert.Empty(store.Files());
        string? file = store.Save(Repro, "walk", "What it shows.");
        Assert.Equal(file, Assert.Single(store.Files()));
        Assert.Equal(Repro, ReproStore.Read(file!, out string? problem)?.Scenario);
        Assert.Null(problem);
        Assert.Equal(file, Assert.Single(Directory.GetFiles(store.Folder)));
    }

    [Fact]
    public void Two_campaigns_save_the_same_at_once()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => new ReproStore(folder)).ToArray();
        Parallel.ForEach(stores, store =>
        {
            for (int i = 0; i < 100; i++)
            {
                string? file = store.Save(Repro, "walk", "What it shows.");
                Assert.True(file is not null, store.Problem);
                Assert.Equal(Repro, ReproStore.Read(file, out _)?.Scenario);
            }
        });
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_link_in_the_place_of_the_partial_file_is_not_written_through()
    {
        string precious = Path.Combine(folder, "precious");
        File.WriteAllText(precious, "precious");
        foreach (string target in new[] { precious, Path.Combine(folder, "nowhere") })
        {
            string partial = Path.Combine(folder, $"linux-6.18-walk.rmap.{Environment.ProcessId}-1.partial");
            File.CreateSymbolicLink(partial, target);
            Assert.NotNull(new ReproStore(folder).Save(Repro, "walk", "What it shows."));
            Assert.Equal("precious", File.ReadAllText(precious));
            Assert.False(File.Exists(Path.Combine(folder, "nowhere")));
            File.Delete(partial);
        }
    }

    [Theory]
    [InlineData("file", "exists")]
    [InlineData("dangling", "")]
    [InlineData("below-a-file", "")]
    public void What_is_no_folder_is_told_in_one_line(string kind, string because)
    {
        string place = Path.Combine(folder, "repros");
        if (kind == "dangling")
            File.CreateSymbolicLink(place, Path.Combine(folder, "nowhere", "at", "all"));
        else
            File.WriteAllText(place, "");

        var store = new ReproStore(kind == "below-a-file" ? Path.Combine(place, "repros") : place);
        string problem = Assert.IsType<string>(store.Probe());
        Assert.StartsWith($"Nothing can be saved in '{store.Folder}': ", problem, StringComparison.Ordinal);
        Assert.Contains(because, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.Null(store.Save(Repro, "walk", "What it shows."));
        Assert.Equal(problem, store.Problem);
        Assert.Empty(store.Files());
    }

    /// <summary>What cannot be read is told in one line, at once.</summary>
    [Theory]
    [InlineData("empty", "empty, or no file.")]
    [InlineData("fifo", "empty, or no file.")]
    [InlineData("device", "empty, or no file.")]
    [InlineData("huge", "1073741824 bytes are more than a scenario has.")]
    [InlineData("dangling", "there is nothing behind it.")]
    [InlineData("binary", ":1:1: ")]
    [InlineData("half", ":2:")]
    [InlineData("circle", "")]
    public void What_is_no_repro_is_told_in_one_line(string kind, string because)
    {
        string file = Path.Combine(folder, "any-walk.rmap");
        switch (kind)
        {
            case "empty":
                File.WriteAllText(file, "");
                break;
            case "fifo":
                using (var made = System.Diagnostics.Process.Start("mkfifo", [file]))
                    made.WaitForExit();

                break;
            case "device":
                File.CreateSymbolicLink(file, "/dev/zero");
                break;
            case "huge":
                using (FileStream stream = File.Create(file))
                    stream.SetLength(1L << 30);

                break;
            case "dangling":
                File.CreateSymbolicLink(file, Path.Combine(folder, "nowhere"));
                break;
            case "binary":
                File.WriteAllBytes(file, [0, 255, 254, 10, 13, 0, 128]);
                break;
            case "half":
                File.WriteAllText(file, "P0 mmap 0+1 rw private anon\nP0 wri", Encoding.ASCII);
                break;
            case "circle":
                File.CreateSymbolicLink(file, file);
                break;
        }

        Assert.Null(ReproStore.Read(file, out string? problem));
        Assert.StartsWith(file, problem, StringComparison.Ordinal);
        Assert.Contains(because, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem!);
    }
}
