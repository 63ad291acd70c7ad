namespace Rmap.Model.Values;

/// <summary>The errnos that memory management gives.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None,

    /// <summary>Operation not permitted.</summary>
    EPERM,

    /// <summary>No such file, page or mapping.</summary>
    ENOENT,

    /// <summary>No such process. The model's answer to an operation by a process that does not exist.</summary>
    ESRCH,

    /// <summary>Interrupted: Linux would go on until a signal comes.</summary>
    EINTR,

    /// <summary>Bad file.</summary>
    EBADF,

    /// <summary>Try again: a page could not be migrated, a limit stood in the way.</summary>
    EAGAIN,

    /// <summary>Out of memory, or nothing mapped there.</summary>
    ENOMEM,

    /// <summary>Permission denied.</summary>
    EACCES,

    /// <summary>Bad address.</summary>
    EFAULT,

    /// <summary>In use: a pinned or shared page.</summary>
    EBUSY,

    /// <summary>Exists already.</summary>
    EEXIST,

    /// <summary>Invalid argument.</summary>
    EINVAL,

    /// <summary>File too large.</summary>
    EFBIG,

    /// <summary>No space.</summary>
    ENOSPC,

    /// <summary>The file offset overflows.</summary>
    EOVERFLOW,

    /// <summary>Removed identifier.</summary>
    EIDRM,

    /// <summary>What the page held is lost.</summary>
    EHWPOISON,

    /// <summary>This version has no such system call.</summary>
    ENOSYS,
}

/// <summary>The signals that a memory access can raise.</summary>
public enum Signal
{
    /// <summary>None: the access went through.</summary>
    None,

    /// <summary>No mapping there, or not with this permission.</summary>
    SIGSEGV,

    /// <summary>Mapped, but there is nothing behind it: beyond the end of the file.</summary>
    SIGBUS,

    /// <summary>Memory was out (<c>oom_kill_process</c>): the process is gone.</summary>
    SIGKILL,
}
