using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rmap.Properties.Drawing;

/// <summary>
/// What a page shows, as JSON: a table each of lines, links and walks, in which each different one stands once, and for every step the
/// places of its own in these tables. So what stays as it was costs a number, and what changed is what has another place. One entry a line.
/// </summary>
internal sealed class PageData
{
    /// <summary>It stands in a page as it is, so nothing in it may end the element that it is in.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Table lines = new(), links = new(), walks = new();

    private PageData()
    {
    }

    /// <summary>The JSON of a scenario, LF only.</summary>
    /// <param name="title">What the page is called.</param>
    /// <param name="rules">The rules that were followed.</param>
    /// <param name="notes">What the file says beside the scenario.</param>
    /// <param name="seen">What was seen.</param>
    internal static string Of(string title, string rules, ScenarioNotes notes, ScenarioSeen seen)
    {
        var data = new PageData();
        string[] steps = [.. seen.Steps.Select((step, number) => data.Step(step, number == 0 ? notes.Heading : notes.OfSteps[number - 1]))];
        string json = string.Join(",\n",
            $"{{\n\"title\": {Json(title)}",
            $"\"rules\": {Json(rules)}",
            $"\"end\": {Json(notes.End)}",
            $"\"rounds\": {Json(RmapWalked.Rounds)}",
            $"\"failure\": {Json(Failure(seen.Failure))}",
            $"\"lines\": {data.lines}",
            $"\"links\": {data.links}",
            $"\"walks\": {data.walks}",
            $"\"steps\": [\n{string.Join(",\n", steps)}\n]\n}}\n");
        return json.Replace("<", @"\u003c", StringComparison.Ordinal);
    }

    private string Step(SeenStep step, IReadOnlyList<string> note) => Json(new
    {
        line = step.Line,
        operation = step.Operation,
        outcome = step.Outcome,
        note,
        wrong = step.Wrong,
        lines = step.Lines.Select(line => lines.Place(Json((object[])[line.Level, line.Id, .. line.Columns]))),
        links = step.Links.Select(link => links.Place(Json((string[])[link.From, link.Field, link.To]))),
        walks = step.Walks.Select(walk => walks.Place(Walk(walk))),
    });

    private static string Walk(RmapWalked walk) => Json(new
    {
        page = walk.Page,
        function = walk.Function,
        ends = walk.Ends,
        rounds = walk.RoundsMade,
        places = walk.Places.Select(place => new
        {
            round = place.Round,
            item = place.Item,
            through = place.Through,
            interval = place.Interval,
            vma = place.Vma,
            address = place.Address,
            tables = place.Tables,
            entry = place.Entry,
            mapped = place.IsMapped,
            lit = place.Lit,
        }),
    });

    private static object? Failure(SeenFailure? failure) => failure is null ? null : new
    {
        id = failure.Invariant.Id,
        sentence = failure.Invariant.Sentence,
        kernel = failure.Invariant.Kernel,
        saw = failure.Saw,
        expected = failure.Expected,
        about = failure.About,
    };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Plain);

    /// <summary>Entries, each once, in the order in which they came first.</summary>
    private sealed class Table
    {
        private readonly OrderedDictionary<string, int> entries = [];

        internal int Place(string entry)
        {
            entries.TryAdd(entry, entries.Count);
            return entries[entry];
        }

        public override string ToString() => $"[\n{string.Join(",\n", entries.Keys)}\n]";
    }
}
