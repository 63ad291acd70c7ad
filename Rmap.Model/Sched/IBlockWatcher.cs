namespace Rmap.Model.Sched;

/// <summary>Looks on while a block runs. It is asked on the thread of a task, and only looks.</summary>
public interface IBlockWatcher
{
    /// <summary>A task has taken a step, or could not and waits.</summary>
    /// <param name="task">Which.</param>
    /// <param name="did">What it has done since its last step, for people; empty where the next step tells.</param>
    void Stepped(BlockTask task, string did);

    /// <summary>A task has carried out an operation.</summary>
    /// <param name="task">Which.</param>
    void Ended(BlockTask task);

    /// <summary>A walk from a page begins, under the locks that it needs.</summary>
    void WalkBegins(BlockTask task, Page page);

    /// <summary>It comes to a place.</summary>
    void WalkVisits(BlockTask task, Page page, VmArea vma, VirtualPage address);

    /// <summary>It is over.</summary>
    /// <param name="task">Whose walk.</param>
    /// <param name="page">From which page.</param>
    /// <param name="toEnd">Whether it has seen all that there was to see, and was not ended before.</param>
    void WalkEnds(BlockTask task, Page page, bool toEnd);
}
