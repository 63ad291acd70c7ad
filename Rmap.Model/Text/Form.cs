using System.Text;

namespace Rmap.Model.Text;

/// <summary>The form of one kind of step: who or what, a verb, and the terms behind it. It reads and writes the line.</summary>
/// <typeparam name="TSubject">What stands before the verb.</typeparam>
/// <param name="Verb">What is done.</param>
/// <param name="Terms">The notation of what stands behind the verb.</param>
/// <param name="Type">The record that it stands for.</param>
/// <param name="Read">Reads what stands behind the verb.</param>
/// <param name="Write">Writes the whole line.</param>
internal sealed record Form<TSubject>(
    string Verb, string Terms, Type Type, Func<TSubject, ScenarioReader, Operation> Read, Action<StringBuilder, Operation> Write)
{
    internal static Form<TSubject> Of<TOperation>(string verb, Func<TSubject, TOperation> make, Func<TOperation, TSubject> take)
        where TOperation : Operation =>
        Of(verb, Term.Nothing, (subject, _) => make(subject), (TOperation operation) => (take(operation), true));

    internal static Form<TSubject> Of<TOperation, T>(
        string verb, Term<T> term, Func<TSubject, T, TOperation> make, Func<TOperation, (TSubject, T)> take)
        where TOperation : Operation => new(
            verb,
            term.Notation,
            typeof(TOperation),
            (subject, line) => make(subject, term.Read(line)),
            (text, operation) =>
            {
                (TSubject subject, T value) = take((TOperation)operation);
                term.Write(text.Append(subject).Append(' ').Append(verb), value);
            });

    internal static Form<TSubject> Of<TOperation, T1, T2>(
        string verb, Term<T1> first, Term<T2> second, Func<TSubject, T1, T2, TOperation> make, Func<TOperation, (TSubject, T1, T2)> take)
        where TOperation : Operation => Of(
            verb,
            first.And(second),
            (subject, both) => make(subject, both.Item1, both.Item2),
            (TOperation operation) =>
            {
                (TSubject subject, T1 one, T2 two) = take(operation);
                return (subject, (one, two));
            });
}

/// <summary>One setting of the machine, in a line of its own.</summary>
/// <param name="Word">Its name.</param>
/// <param name="Terms">The notation of its value.</param>
/// <param name="Read">Reads its value and sets it.</param>
/// <param name="Write">Writes the whole line, or nothing if it has its default.</param>
internal sealed record Setting(
    string Word, string Terms, Func<ScenarioReader, MachineOptions, MachineOptions> Read, Action<StringBuilder, MachineOptions> Write)
{
    internal static Setting Of<T>(
        string word, Term<T> term, Func<MachineOptions, T> get, Func<MachineOptions, T, MachineOptions> set) => new(
        word,
        term.Notation,
        (line, options) => set(options, term.Read(line)),
        (text, options) =>
        {
            T value = get(options);
            if (!Equals(value, get(MachineOptions.Default)))
            {
                term.Write(text.Append("option ").Append(word), value);
                text.Append('\n');
            }
        });
}
