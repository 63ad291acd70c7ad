using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rmap.Regressions.Recordings;

/// <summary>The comparison sees every field: a recording of which anything is changed does not agree any more.</summary>
public class ReplayTests
{
    // Together they have every field that recordings have.
    private static readonly string[] Names =
    [
        "6.18/thematic/ksm-fork", "6.18/thematic/ksm-exit-leftovers", "6.18/thematic/swap-exclusive", "6.18/thematic/mlock",
        "6.18/thematic/shmem-fork", "6.18/thematic/file-ext4", "6.18/thematic/referenced", "7.2/thematic/fork-chain-exiting-parents",
        "6.12/thematic/errors",
    ];

    /// <summary>For each word that stands for one of several things, another of them.</summary>
    private static readonly Dictionary<string, string> OtherWord = new()
    {
        ["present"] = "zero",
        ["zero"] = "other",
        ["swap"] = "other",
        ["anon"] = "ksm",
        ["ksm"] = "anon",
        ["file"] = "shmem",
        ["shmem"] = "file",
        ["stable"] = "none",
        ["unstable"] = "none",
        ["none"] = "unstable",
        ["mergeable"] = "uffd",
        ["locked"] = "uffd",
        ["lockonfault"] = "uffd",
        ["account"] = "uffd",
        ["rw-"] = "r-x",
        ["r--"] = "r-x",
        ["---"] = "r-x",
        ["rw"] = "rx",
        ["rwl"] = "rx",
        ["rws"] = "rx",
        ["r"] = "rx",
        [""] = "rx",
        ["SIGSEGV"] = "SIGBUS",
        ["SIGBUS"] = "SIGSEGV",
    };

    public static TheoryData<string> Recordings => [.. Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Any_change_of_a_recording_is_noticed(string name)
    {
        JsonNode whole = JsonNode.Parse(RecordingFile.Committed().Single(file => file.Name == name).Bytes())!;
        Assert.True(Agrees(whole));
        JsonArray steps = whole["steps"]!.AsArray();
        List<string> unnoticed = [];
        foreach (int last in new[] { steps.Count - 1, steps.Count / 2 })
        {
            while (steps.Count > last + 1)
                steps.RemoveAt(steps.Count - 1);

            JsonNode step = steps[last]!;
            foreach (Action<bool> change in Changes(step["state"]!).Concat(Changes(step["result"]!)))
            {
                change(true);
                if (Agrees(whole))
                    unnoticed.Add(step.ToJsonString());

                change(false);
            }
        }

        Assert.Empty(unnoticed);
        Assert.True(Agrees(whole));
    }

    private static bool Agrees(JsonNode recording)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(recording);
        return Agreement.Of([new RecordingFile("changed", () => bytes)]).Single().Agrees;
    }

    /// <summary>Every way to change one value or to lose one element of a list below a node; each can be made and unmade.</summary>
    private static IEnumerable<Action<bool>> Changes(JsonNode node) => node switch
    {
        JsonObject fields => fields.ToList().SelectMany(field => field.Value is JsonObject or JsonArray
            ? Changes(field.Value)
            : [make => fields[field.Key] = make ? Other(field.Key, field.Value) : field.Value?.DeepClone()]),
        JsonArray list => Enumerable.Range(0, list.Count).SelectMany(i => list[i] is JsonObject or JsonArray
            ? Changes(list[i]!).Append(Lose(list, i))
            : [Replace(list, i), Lose(list, i)]),
        _ => [],
    };

    private static Action<bool> Replace(JsonArray list, int index)
    {
        JsonNode? before = list[index]!.DeepClone();
        return make => list[index] = make ? Other("", before) : before.DeepClone();
    }

    private static Action<bool> Lose(JsonArray list, int index)
    {
        JsonNode? lost = null;
        return make =>
        {
            if (make)
            {
                lost = list[index];
                list.RemoveAt(index);
            }
            else
            {
                list.Insert(index, lost);
            }
        };
    }

    private static JsonNode Other(string field, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => value.GetValue<long>() + 1,
        JsonValueKind.True => false,
        JsonValueKind.False => true,
        JsonValueKind.String => OtherText(value.GetValue<string>()),
        _ => field switch
        {
            "file" => "F9",
            "frame" => "f99",
            "swapCache" => "s99",
            _ => "A99",
        },
    };

    private static string OtherText(string text) =>
        OtherWord.TryGetValue(text, out string? word) ? word
        : text.Length > 1 && char.IsAsciiDigit(text[^1]) ? text.TrimEnd([.. "0123456789"]) + "99"
        : text == "EPERM" ? "EINVAL" : "EPERM";
}
