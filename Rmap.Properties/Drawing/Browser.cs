using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Rmap.Properties.Drawing;

/// <summary>
/// A page in a headless Chromium, asked and steered over its debugging port (the DevTools protocol): it shows no window, and reaches
/// nothing but the page's file.
/// </summary>
internal sealed class Browser : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rmap-browser");
    private readonly System.Diagnostics.Process chromium;
    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource tooLate = new(Patience);
    private int sent;

    private Browser(string page)
    {
        var start = new ProcessStartInfo(Path!) { RedirectStandardError = true };
        foreach (string argument in (string[])[
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={folder.FullName}", page])
        {
            start.ArgumentList.Add(argument);
        }

        chromium = System.Diagnostics.Process.Start(start)!;
    }

    /// <summary>Where Chromium is; null if it is not installed.</summary>
    internal static string? Path { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);

    /// <summary>What went wrong in the page: exceptions, and what its console was told as an error.</summary>
    internal List<string> Errors { get; } = [];

    /// <summary>Opens a page.</summary>
    /// <param name="file">The page.</param>
    internal static async Task<Browser> Open(string file)
    {
        var browser = new Browser("about:blank");
        await browser.socket.ConnectAsync(new Uri(await browser.Target()), browser.tooLate.Token);
        foreach (string domain in (string[])["Runtime", "Log", "Page"])
            await browser.Send($"{domain}.enable");

        await browser.Send("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        while (await browser.Ask("document.readyState + location.protocol") != "completefile:")
            await Task.Delay(50, browser.tooLate.Token);

        return browser;
    }

    /// <summary>The value of an expression in the page, as text.</summary>
    internal async Task<string> Ask(string expression)
    {
        JsonNode answer = await Send(
            "Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})", ["returnByValue"] = true });
        return answer["result"]!["value"]!.GetValue<string>();
    }

    /// <summary>Presses a key, and lets it go.</summary>
    internal async Task Press(string key)
    {
        foreach (string what in (string[])["keyDown", "keyUp"])
            await Send("Input.dispatchKeyEvent", new JsonObject { ["type"] = what, ["key"] = key, ["code"] = key });
    }

    public void Dispose()
    {
        socket.Dispose();
        chromium.Kill(entireProcessTree: true);
        chromium.WaitForExit();
        chromium.Dispose();
        tooLate.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>The address of the debugger of its one page: it writes its port into a file, and lists its pages there.</summary>
    private async Task<string> Target()
    {
        string port = System.IO.Path.Combine(folder.FullName, "DevToolsActivePort");
        using var client = new HttpClient();
        while (true)
        {
            await Task.Delay(50, tooLate.Token);
            if (!File.Exists(port) || File.ReadAllLines(port) is not [string number, ..])
                continue;

            JsonNode pages = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{number}/json/list"), tooLate.Token))!;
            if (pages.AsArray().FirstOrDefault(page => (string?)page!["type"] == "page") is { } page)
                return (string)page["webSocketDebuggerUrl"]!;
        }
    }

    /// <summary>Sends a command, and gives its answer; what the page reports meanwhile is kept, if it is an error.</summary>
    private async Task<JsonNode> Send(string method, JsonObject? parameters = null)
    {
        int id = ++sent;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        await socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, true, tooLate.Token);
        while (true)
        {
            JsonNode message = await Receive();
            if ((int?)message["id"] == id)
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}");

            bool isError = (string?)message["method"] is "Runtime.exceptionThrown"
                || (string?)message["params"]?["type"] == "error" || (string?)message["params"]?["entry"]?["level"] == "error";
            if (isError)
                Errors.Add(message["params"]!.ToJsonString());
        }
    }

    private async Task<JsonNode> Receive()
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, tooLate.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return JsonNode.Parse(message.ToArray())!;
    }
}
