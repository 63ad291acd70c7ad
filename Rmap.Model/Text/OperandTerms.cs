using System.Text;

namespace Rmap.Model.Text;

/// <summary>The term that each operand of an operation is in a scenario's text: it is noted, read or written.</summary>
internal abstract class OperandTerms : Operands
{
    protected abstract T At<T>(Term<T> term, T value);

    internal override ProcessId Process(ProcessId process, string json) => At(Term.Process, process);

    internal override PinId Pin(PinId pin) => At(Term.Pin, pin);

    internal override string Name(string name, string json) => At(Term.Name, name);

    internal override VirtualPage Page(VirtualPage page, string json = "") => At(Term.Page, page);

    internal override VirtualPage To(VirtualPage page, long pages) => At(Term.To, page);

    internal override PageRange Range(PageRange range, string start = "", string length = "") => At(Term.Range, range);

    internal override long FilePage(long page) => At(Term.Page, new VirtualPage(page)).Number;

    internal override PageRange FileRange(PageRange range) => At(Term.Range, range);

    internal override long Pages(long pages) => At(Term.Pages, pages);

    internal override byte Value(byte value) => At(Term.Value, value);

    internal override byte? Fill(byte? value) => At(Term.Fill, value);

    internal override T Word<T>(T value, Words<T> words) => At(Term.Word(words), value);

    internal override int Number(int number, string notation, string what) => At(Term.Number(notation, what), number);

    internal override int Passes(int passes) => At(Term.Passes, passes);

    internal override string? Backing(string? file) => At(Term.Backing, file);

    internal override long Offset(long pages) => At(Term.Offset, pages);

    internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap) =>
        At(Term.Move, base.Move(mremap));

    /// <summary>How the grammar notes them.</summary>
    internal static string Notation(OperationRow row)
    {
        var noting = new Noting();
        row.Through(row.Blank, noting);
        return string.Join(' ', noting.Terms.Where(term => term.Length > 0));
    }

    /// <summary>Reads what stands behind the verb.</summary>
    internal static Operation Read(OperationRow row, string subject, ScenarioReader line) =>
        row.Through(row.Blank, new Reading(subject, line));

    /// <summary>Writes the whole operation.</summary>
    internal static void Write(OperationRow row, Operation operation, StringBuilder text)
    {
        text.Append(row.Subject is "ksm" or "swap" ? $"{row.Subject} {row.Verb}" : "");
        row.Through(operation, new Writing(row.Verb, text));
    }

    private sealed class Noting : OperandTerms
    {
        internal List<string> Terms { get; } = [];

        internal override ProcessId Subject(ProcessId process) => process;

        internal override PinId Subject(PinId pin) => pin;

        internal override string Subject(string name, string json) => name;

        protected override T At<T>(Term<T> term, T value)
        {
            Terms.Add(term.Notation);
            return value;
        }
    }

    private sealed class Reading(string subject, ScenarioReader line) : OperandTerms
    {
        internal override ProcessId Subject(ProcessId process) => ScenarioReader.ProcessOf(subject);

        internal override PinId Subject(PinId pin) => ScenarioReader.PinOf(subject);

        internal override string Subject(string name, string json) => subject;

        protected override T At<T>(Term<T> term, T value) => term.Read(line);
    }

    private sealed class Writing(string verb, StringBuilder text) : OperandTerms
    {
        internal override ProcessId Subject(ProcessId process) => Before(process, process.ToString());

        internal override PinId Subject(PinId pin) => Before(pin, pin.ToString());

        internal override string Subject(string name, string json) => Before(name, Term.Checked(name));

        protected override T At<T>(Term<T> term, T value)
        {
            term.Write(text, value);
            return value;
        }

        private T Before<T>(T subject, string word)
        {
            text.Append($"{word} {verb}");
            return subject;
        }
    }
}
