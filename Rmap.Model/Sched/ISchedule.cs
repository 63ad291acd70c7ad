namespace Rmap.Model.Sched;

/// <summary>Says which task of a block takes the next step.</summary>
public interface ISchedule
{
    /// <summary>Chooses.</summary>
    /// <param name="last">Who took the last step; -1 before the first.</param>
    /// <param name="canRun">Who can take one: bit 0 for task 0. At least one can.</param>
    /// <returns>One of those.</returns>
    int Next(int last, uint canRun);
}
