using System.Text;

namespace Rmap.Model.Text;

/// <summary>
/// The term that each operand of an operation is in a scenario's text, noted, read or written; behind the first stands the verb.
/// </summary>
/// <param name="row">The operation.</param>
internal abstract class OperandTerms(OperationRow row) : Operands
{
    private bool isVerbWritten;

    /// <summary>How the grammar notes an operation.</summary>
    internal static string Notation(OperationRow row) => Text(row, row.Blank, isNotation: true);

    /// <summary>An operation as it stands in a scenario.</summary>
    internal static string Text(Operation operation) => Text(OperationTable.Of(operation), operation, isNotation: false);

    /// <summary>Reads an operation, of which subject and verb are known, from the beginning of the line.</summary>
    internal static Operation Read(OperationRow row, ScenarioReader line) => new Reading(row, line).All(row.Blank);

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
    internal override (VirtualPage?, long, MremapFlags) Move(Operation.Mremap mremap) => At(Term.Move, base.Move(mremap));

    protected abstract T Operand<T>(Term<T> term, T value);

    protected abstract void Word(string word);

    private static string Text(OperationRow row, Operation operation, bool isNotation)
    {
        var text = new StringBuilder();
        new Writing(row, text, isNotation).All(operation);
        return text.ToString(1, text.Length - 1);
    }

    private Operation All(Operation operation)
    {
        if (row.Subject is "ksm" or "swap")
        {
            Word(row.Subject);
            Verb();
        }

        return row.Through(operation, this);
    }

    private T At<T>(Term<T> term, T value)
    {
        T operand = Operand(term, value);
        Verb();
        return operand;
    }

    private void Verb()
    {
        if (!isVerbWritten)
        {
            isVerbWritten = true;
            Word(row.Verb);
        }
    }

    private sealed class Reading(OperationRow row, ScenarioReader line) : OperandTerms(row)
    {
        protected override T Operand<T>(Term<T> term, T value) => term.Read(line);

        protected override void Word(string word) => line.Demand(word);
    }

    private sealed class Writing(OperationRow row, StringBuilder text, bool isNotation) : OperandTerms(row)
    {
        protected override T Operand<T>(Term<T> term, T value)
        {
            if (!isNotation)
                term.Write(text, value);
            else if (term.Notation.Length > 0)
                Word(term.Notation);

            return value;
        }

        protected override void Word(string word) => text.Append($" {word}");
    }
}
