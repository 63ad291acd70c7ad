namespace Rmap.Model.Sched;

/// <summary>A thread that waits for something to do, does it, and waits again.</summary>
internal sealed class TaskThread : IDisposable
{
    private readonly SemaphoreSlim work = new(0);
    private readonly Thread thread;
    private Action? body;

    internal TaskThread()
    {
        thread = new Thread(Work) { IsBackground = true, Name = "task of a block" };
        thread.Start();
    }

    /// <summary>Lets it do something. It has nothing to do just now.</summary>
    internal void Start(Action what)
    {
        body = what;
        work.Release();
    }

    /// <summary>Ends the thread, and waits for its end.</summary>
    public void Dispose()
    {
        body = null;
        work.Release();
        thread.Join();
        work.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            work.Wait();
            if (body is null)
                return;

            body();
        }
    }
}
