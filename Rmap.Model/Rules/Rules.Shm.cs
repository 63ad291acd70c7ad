namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>shm_may_destroy</c>, <c>iput</c>: whether an object that nobody maps any more goes: a segment after IPC_RMID, and shared
    /// anonymous memory, which nobody can name.
    /// </summary>
    public virtual bool MayEvict(AddressSpace file) =>
        file.Attached == 0 && (file.Kind == FileKind.SharedAnonymous || file.IsDestroyed);
}
