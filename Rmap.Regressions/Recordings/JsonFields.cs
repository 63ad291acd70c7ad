namespace Rmap.Regressions.Recordings;

/// <summary>An object in JSON whose fields stand in any order.</summary>
internal sealed class JsonFields
{
    private readonly List<(string Name, Range NameAt, Range Value)> fields = [];
    private readonly JsonText text;
    private readonly Range end;

    /// <param name="json">On the object; it goes past it.</param>
    /// <param name="expected">What it is.</param>
    internal JsonFields(ref JsonCursor json, string expected)
    {
        text = json.Source;
        json.Begin(expected);
        end = json.Token;
        while (json.TakeField(out string name, out Range nameAt, out Range value))
        {
            if (fields.Exists(field => field.Name == name))
                throw text.Unexpected(nameAt, $"the field \"{name}\" only once");

            fields.Add((name, nameAt, value));
            end = json.Token;
        }
    }

    /// <summary>Whether there is a field of this name, and a cursor on its value.</summary>
    internal bool Has(string name, out JsonCursor value)
    {
        int index = fields.FindIndex(field => field.Name == name);
        value = index < 0 ? default : new JsonCursor(text, fields[index].Value);
        return index >= 0;
    }

    /// <summary>A cursor on the value of a field that must be there.</summary>
    internal JsonCursor Field(string name) =>
        Has(name, out JsonCursor value) ? value : throw text.Unexpected(end, $"the field \"{name}\"");

    /// <summary>There must be no fields but these.</summary>
    internal void Only(IReadOnlyList<string> known)
    {
        foreach ((_, Range nameAt, _) in fields.Where(field => !known.Contains(field.Name)))
        {
            throw text.Unexpected(nameAt, "one of the fields " + string.Join(", ", known));
        }
    }
}
