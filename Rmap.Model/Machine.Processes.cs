namespace Rmap.Model;

public sealed partial class Machine
{
    private Outcome Fork(Process process, ProcessId child) => throw new NotImplementedException();

    private Outcome CloneVm(Process process, ProcessId child) => throw new NotImplementedException();

    private Outcome Exec(Process process) => throw new NotImplementedException();

    private Outcome Exit(Process process) => throw new NotImplementedException();
}
