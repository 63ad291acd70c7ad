namespace Rmap.Model.Operations;

/// <summary>
/// What is done with the operands of an operation, kind by kind. <see cref="OperationTable"/> leads an operation through, operand by
/// operand in the order of its text, and makes it anew of what comes back. Whoever reads, writes, measures or rewrites operations
/// overrides the kinds that concern it; the others stay as they are.
/// </summary>
internal abstract class Operands
{
    internal virtual ProcessId Process(ProcessId process, string json = "p") => process;
    internal virtual PinId Pin(PinId pin) => pin;

    /// <summary>A file or a segment.</summary>
    internal virtual string Name(string name, string json) => name;

    /// <summary>A page of an address space.</summary>
    internal virtual VirtualPage Page(VirtualPage page, string json = "page") => page;

    /// <summary>Where so many pages are moved to.</summary>
    internal virtual VirtualPage To(VirtualPage page, long pages) => Page(page, "dst");
    internal virtual PageRange Range(PageRange range, string start = "page", string length = "len") => range;

    /// <summary>A range that something is moved from: it cannot vanish as a whole.</summary>
    internal virtual PageRange Source(PageRange range) => Range(range, "src");

    /// <summary>A page of a file.</summary>
    internal virtual long FilePage(long page) => page;
    internal virtual PageRange FileRange(PageRange range) => range;

    /// <summary>The length of a file or a segment.</summary>
    internal virtual long Pages(long pages) => pages;
    internal virtual byte Value(byte value) => value;

    /// <summary>The value that a file is filled with, or null.</summary>
    internal virtual byte? Fill(byte? value) => value;
    internal virtual T Word<T>(T value, Words<T> words) => value;

    /// <summary>Any number; its notation in the grammar is its name in JSON in capitals.</summary>
    internal virtual int Number(int number, string notation, string what) => number;

    /// <summary>How many passes of ksmd; 0 if that is left open.</summary>
    internal virtual int Passes(int passes) => passes;

    /// <summary>The file behind a mapping, null for anonymous memory.</summary>
    internal virtual string? Backing(string? file) => file;

    /// <summary>The offset in that file, in pages.</summary>
    internal virtual long Offset(long pages) => pages;

    /// <summary>What becomes of the range that mremap is given.</summary>
    internal virtual (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap) =>
        (mremap.Target, mremap.NewLength, mremap.Flags);
}
