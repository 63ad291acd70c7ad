using System.Collections.Immutable;
using System.Text;

namespace Rmap.Model.Text;

/// <summary>What is to be seen of a machine between two operations of a scenario: a line <c>expect</c>. It is no operation.</summary>
/// <param name="after">How many of the operations stand before it.</param>
/// <param name="text">The whole line.</param>
public abstract class Expectation(int after, string text)
{
    private static readonly (string, bool)[] Relations = [("same", true), ("different", false)];
    private static readonly Term<Protection> Prot = Term.Word(Words.Prot);

    /// <summary>How many of the operations stand before it.</summary>
    public int After => after;

    /// <summary>How the grammar notes all kinds.</summary>
    internal static string[] Notations => ["expect P vma [PAGE+LENGTH PROT, ...]", "expect same|different P:PAGE ..."];

    /// <summary>These VMAs make up the address space of a process, in this order.</summary>
    public sealed class Vmas(int after, ProcessId process, ImmutableArray<(PageRange Range, Protection Prot)> all)
        : Expectation(after, $"expect {process} vma{string.Join(',', all.Select(vma => Text(vma.Range, vma.Prot)))}")
    {
        /// <summary>Whose.</summary>
        public ProcessId Process => process;

        /// <summary>Each with its access.</summary>
        public ImmutableArray<(PageRange Range, Protection Prot)> All => all;
    }

    /// <summary>The page that is mapped at these places is one and the same, or at each another one.</summary>
    public sealed class Pages(int after, bool areSame, ImmutableArray<(ProcessId Process, VirtualPage Page)> all)
        : Expectation(after, $"expect {(areSame ? "same" : "different")}{string.Concat(all.Select(at => $" {at.Process}:{at.Page}"))}")
    {
        /// <summary>Whether it is one page.</summary>
        public bool AreSame => areSame;

        /// <summary>The places.</summary>
        public ImmutableArray<(ProcessId Process, VirtualPage Page)> All => all;
    }

    /// <inheritdoc/>
    public sealed override string ToString() => text;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => obj is Expectation other && After == other.After && text == other.ToString();

    /// <inheritdoc/>
    public sealed override int GetHashCode() => After;

    /// <summary>A VMA as it stands in an expectation, with a space before it.</summary>
    public static string Text(PageRange range, Protection prot)
    {
        var text = new StringBuilder();
        Term.Range.Write(text, range);
        Prot.Write(text, prot);
        return text.ToString();
    }

    /// <summary>Reads one, behind the word <c>expect</c>.</summary>
    internal static Expectation Read(ScenarioReader line, int after)
    {
        if (line.TakeOneOf(Relations, out bool areSame))
            return new Pages(after, areSame, [.. Several(line, _ => (Term.Process.Read(line), Term.Page.Read(line.Demand(":"))))]);

        ProcessId process = Term.Process.Read(line);
        return new Vmas(after, process, line.Demand("vma").AtEnd ? [] : [.. Several(
            line, isFirst => (Term.Range.Read(isFirst ? line : line.Demand(",")), Prot.Read(line)))]);
    }

    private static IEnumerable<T> Several<T>(ScenarioReader line, Func<bool, T> one)
    {
        yield return one(true);
        while (!line.AtEnd)
            yield return one(false);
    }
}
