namespace Rmap.Model.Sched;

/// <summary>Locks are used as they must not be: lockdep would tell, or everybody waits for ever. The block has no outcome.</summary>
/// <param name="message">Who does what, as a sentence that the name of what is locked ends.</param>
/// <param name="of">What is locked, or null.</param>
/// <param name="kind">What is wrong.</param>
public sealed class LockBug(string message, object? of, LockBug.Fault kind) : InvalidOperationException(message)
{
    /// <summary>What can be wrong.</summary>
    public enum Fault
    {
        /// <summary>A task takes a lock that it holds.</summary>
        Twice,

        /// <summary>A task waits for a lock while it holds one that comes behind it.</summary>
        Order,

        /// <summary>All tasks wait.</summary>
        Deadlock,

        /// <summary>A task ends with a lock or a reference.</summary>
        Left,
    }

    /// <summary>What is locked, or null.</summary>
    public object? Of => of;

    /// <summary>What is wrong.</summary>
    public Fault Kind => kind;
}
