using System.ComponentModel;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Reports.Html;

/// <summary>
/// A page in headless Chromium, driven by the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol).
/// PASSATK_CHROMIUM names the browser, else `chromium` on the PATH; the calling test is skipped, saying so, where there is none.
/// </summary>
internal sealed class ChromiumPage : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _profile = new();
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _timeout = new(Patience);
    private readonly Process _browser;
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];
    private string? _session;
    private int _commands;
    private bool _loaded;

    private ChromiumPage() => _browser = StartOrSkip(_profile);

    /// <summary>Errors on the console, exceptions, and what the policy kept from happening.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Addresses that the page asked for.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>Opens a file, at a place in it, at a width in CSS pixels.</summary>
    public static ChromiumPage OpenOrSkip(string file, string fragment, int width, bool dark)
    {
        var page = new ChromiumPage();
        page.Connect();
        var target = page.Send("Target.createTarget", new JsonObject { ["url"] = "about:blank" })["targetId"]!.GetValue<string>();
        page._session = page.Send("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true })["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            page.Send($"{domain}.enable");
        page.Send(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject { ["width"] = width, ["height"] = 800, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        page.Send("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
        page.Send("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri + fragment });
        while (!page._loaded)
            page.Receive();
        return page;
    }

    /// <summary>The value of a JavaScript expression, awaited if it is a promise.</summary>
    public JsonElement Evaluate(string expression)
    {
        var result = Send(
            "Runtime.evaluate",
            new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true, ["userGesture"] = true });
        Assert.True(result["exceptionDetails"] is null, result["exceptionDetails"]?.ToJsonString());
        return JsonSerializer.SerializeToElement(result["result"]!["value"]);
    }

    /// <summary>Presses and releases a key where the focus is.</summary>
    public void Press(string key, string code, int number)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = code, ["windowsVirtualKeyCode"] = number };
            if (key == "Enter" && type == "keyDown")
                press["text"] = "\r";
            Send("Input.dispatchKeyEvent", press);
        }
        // What the key set off has happened once a task after it runs.
        Evaluate("new Promise(done => setTimeout(done, 50))");
    }

    /// <summary>The page as PNG.</summary>
    public byte[] Screenshot(bool whole) => Convert.FromBase64String(
        Send("Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = whole })["data"]!.GetValue<string>());

    public void Dispose()
    {
        _socket.Dispose();
        _browser.Kill(entireProcessTree: true);
        _browser.WaitForExit();
        _browser.Dispose();
        _timeout.Dispose();
        for (var left = 20; left > 0; left--)
        {
            try
            {
                _profile.Dispose();
                return;
            }
            catch (Exception held) when (held is IOException or UnauthorizedAccessException && left > 1)
            {
                // The last of the browser's processes may still be letting go of its files.
                Thread.Sleep(100);
            }
        }
    }

    private static Process StartOrSkip(TemporaryFolder profile)
    {
        var program = Environment.GetEnvironmentVariable("PASSATK_CHROMIUM") is { Length: > 0 } named ? named : "chromium";
        try
        {
            return Process.Start(new ProcessStartInfo(
                program,
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0",
                    $"--user-data-dir={profile.Path}", "about:blank",
                ])
            {
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            profile.Dispose();
            Assert.Skip("needs headless Chromium: `chromium` on the PATH, or PASSATK_CHROMIUM names it");
            throw;
        }
    }

    private void Connect()
    {
        const string Announcement = "DevTools listening on ";
        string? line;
        do
        {
            line = _browser.StandardError.ReadLineAsync(_timeout.Token).AsTask().GetAwaiter().GetResult();
            Assert.True(line is not null, "Chromium ended before it could be driven");
        }
        while (!line.StartsWith(Announcement, StringComparison.Ordinal));
        // Unread output would fill the pipe and stop the browser.
        _ = _browser.StandardError.ReadToEndAsync(_timeout.Token);
        _socket.ConnectAsync(new Uri(line[Announcement.Length..]), _timeout.Token).GetAwaiter().GetResult();
    }

    private JsonObject Send(string method, JsonObject? parameters = null)
    {
        var id = ++_commands;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session is not null)
            command["sessionId"] = _session;
        _socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, true, _timeout.Token).GetAwaiter().GetResult();
        while (true)
        {
            var message = Receive();
            if (message["id"]?.GetValue<int>() != id)
                continue;
            Assert.True(message["error"] is null, $"{method}: {message["error"]?.ToJsonString()}");
            return message["result"]!.AsObject();
        }
    }

    private JsonObject Receive()
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = _socket.ReceiveAsync(buffer.AsMemory(), _timeout.Token).AsTask().GetAwaiter().GetResult();
            bytes.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var message = JsonNode.Parse(bytes.ToArray())!.AsObject();
        Note(message["method"]?.GetValue<string>(), message["params"]);
        return message;
    }

    private void Note(string? method, JsonNode? parameters)
    {
        switch (method)
        {
            case "Page.loadEventFired":
                _loaded = true;
                break;
            case "Runtime.exceptionThrown" or "Log.entryAdded":
                _complaints.Add(parameters!.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" when parameters!["type"]!.GetValue<string>() is "error" or "warning":
                _complaints.Add(parameters.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                _requests.Add(parameters!["request"]!["url"]!.GetValue<string>());
                break;
            default:
                break;
        }
    }
}
