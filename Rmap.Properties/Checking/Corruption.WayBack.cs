namespace Rmap.Properties.Checking;

/// <content>The way back from a page, and what a clean page stands for.</content>
internal sealed partial record Corruption
{
    private const string OnDisk = "F0 create 4 ext4\nP0 mmap 0+4 rw private F0\nP0 read 0\n";

    private static Corruption[] OfTheWayBack =>
    [
        new("anon-index", "another index", Written, machine => Page(machine).Index++),
        new("anon-index", "another place", Written, machine => Move(machine, 0, 1)),
        new("anon-root", "an AV with another root", Written + Stranger, machine => Page(machine).Mapping = Vma(machine, page: 8).AnonVma),
        new("anon-reach", "the AV of a child", Forked + "P1 write 1 = 1", machine => Page(machine).Mapping = Vma(machine, 1).AnonVma),
        new("file-reach", "another place", PrivateFile + "P0 read 0", machine => Move(machine, 0, 1)),
        new("file-reach", "a VMA of another file", PrivateFile + "P0 read 0\nF1 create 4 tmpfs\nP0 mmap 8+4 rw private F1",
            machine => Move(machine, 0, 8)),
        new("file-reach", "a VMA of no file", PrivateFile + "P0 read 0\n" + Bare, machine => Move(machine, 0, 8)),
        new("ksm-reach", "another place", Merged, machine => Move(machine, 0, 2)),
        new("clean-swap-cache", "another content", SwappedIn, machine => Page(machine).SwapCache!.Value++),
        new("clean-file-page", "another content", OnDisk, machine => Page(machine).Value++),
        new("clean-file-page", "another content on the disk", OnDisk, machine => File(machine).Disk[0] = 1),
        new("walk", "a VMA that hangs nowhere in the tree of its AV", Forked,
            machine => Vma(machine).AnonVma!.Tree.FirstInOrder!.Right = null),
    ];
}
