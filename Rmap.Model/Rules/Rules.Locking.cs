using Rmap.Model.Sched;

namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>down_read</c>, <c>down_write</c>, <c>folio_lock</c>: whether a lock is taken where Linux takes it. At rest there are none. What
    /// is asked again once it is held is a <see cref="LinuxStep"/> each.
    /// </summary>
    /// <param name="kind">What is locked.</param>
    /// <param name="write">Whether for writing.</param>
    public virtual bool Takes(LockKind kind, bool write) => true;
}
