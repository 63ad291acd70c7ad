using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rmap.Regressions.Reporting;

/// <summary>Shows lines in the output of <c>dotnet test</c>, where the output of a test that passes is not shown.</summary>
public sealed class Announcer(IMessageSink messages)
{
    internal void Announce(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            messages.OnMessage(new DiagnosticMessage(line));
    }
}
