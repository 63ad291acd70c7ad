using System.Text;

namespace Rmap.Properties.Text;

/// <summary>What a C program says of each kind of operation, beside what all programs have in common.</summary>
public class CTextTests
{
    private const string Operations = """
        rules linux-6.18
        option fault-around 16
        option mmap-base 64
        P0 mmap 0+4 rw private anon
        P0 mmap 0+0 none shared anon noreserve
        P0 mmap 8+4 r private F0@1 noreplace
        P0 mmap 8+4 wx shared F1 hint
        P0 munmap 0+1
        P0 mprotect 0+1 rwx
        P0 mremap 0+1 -> +2
        P0 mremap 0+1 -> +2 maymove
        P0 mremap 0+1 -> 4+2
        P0 mremap 0+1 -> 4+2 maymove
        P0 mremap 0+1 -> 4+2 maymove dontunmap
        P0 mremap 0+1 -> 4+2 maymove fixed dontunmap
        P0 mremap 0+1 -> 4+2 fixed
        P0 mremap 0+1 -> 4+2 noflags
        P0 madvise 0+1 dontneed
        P0 madvise 0+1 populate-read
        P0 madvise 0+1 populate-write
        P0 madvise 0+1 pageout
        P0 mbind 0+1 bind
        P0 mlock 0+1
        P0 mlock 0+1 onfault
        P0 munlock 0+1
        P0 mincore 0+2
        P0 msync 0+1
        P0 read 3
        P0 write 3 = 9
        P0 fork P7
        P7 clone-vm P3
        P3 exec
        P7 exit
        P0 memory-merge on
        P0 memory-merge off
        P0 shmat S0 16
        P0 shmat S0 16 readonly
        P0 shmdt 16
        P0 reclaim 3
        P0 migrate 3
        P0 referenced 3
        P0 pin 3 G0
        P0 uffd-move 0+2 -> 8
        P0 fail-nth 1
        G0 read
        G0 write = 3
        G0 unpin
        F0 create 4 tmpfs
        F1 create 4 ext4 = 7
        F0 truncate 2
        F0 punch 1+2
        F0 write 1 = 2
        F0 fsync
        S0 shmget 2
        S0 shmrm
        ksm scan
        ksm run 2
        ksm max-sharing 3
        swap off-on
        swap fail-read
        """;

    [Fact]
    public Task What_a_program_has_of_its_own()
    {
        string[] common = Template().Split('\n');
        string program = CText.Of(ScenarioText.Parse(Operations), "All operations.\n\nNo comment ends here: */ ");
        return Verify(string.Join('\n', program.Split('\n').Where(line => line.Length > 0 && !common.Contains(line))));
    }

    [Fact]
    public Task What_each_operation_takes_of_the_common_parts()
    {
        var told = new StringBuilder();
        foreach (Step step in ScenarioText.Parse(Operations).Steps)
        {
            string program = CText.Of(Scenario.Of(step.Operation));
            Assert.StartsWith("/*\n * A scenario of Rmap as a program", program, StringComparison.Ordinal);
            IEnumerable<string> taken = Template().Split("//// ", StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Split('\n', 2))
                .Where(part => part[1].Trim().Length > 0 && program.Contains(part[1], StringComparison.Ordinal))
                .Select(part => part[0]).Distinct();
            string impossible = CText.IsPossible(step.Operation) ? "" : " (not possible)";
            told.Append($"{ScenarioText.Print(step.Operation)}{impossible}: {string.Join(", ", taken)}\n");
        }

        return Verify(told.ToString());
    }

    private static string Template()
    {
        using Stream stream = typeof(CText).Assembly.GetManifestResourceStream("CProgram.c")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
