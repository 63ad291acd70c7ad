using System.Text.Json;

namespace Rmap.Regressions.Recordings;

/// <summary>
/// Reads JSON of a known shape, forwards, without a tree in between: the fields of an object in their order, where
/// <see cref="JsonFields"/> is not asked. Whatever does not fit is a <see cref="RecordingFormatException"/>.
/// </summary>
internal ref struct JsonCursor
{
    private const int LongestName = 64;

    private readonly int origin;
    private readonly List<string> possible = [];
    private Utf8JsonReader reader;

    /// <param name="text">The text.</param>
    /// <param name="part">The part of it that is read.</param>
    public JsonCursor(JsonText text, Range part)
    {
        Source = text;
        origin = part.Start.Value;
        reader = new Utf8JsonReader(text.Bytes.Span[part]);
        Read();
    }

    /// <summary>The whole text.</summary>
    public JsonText Source { get; }

    public readonly bool IsNull => reader.TokenType == JsonTokenType.Null;

    public readonly bool IsObject => reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Where the token at the cursor begins, and where it ends.</summary>
    public readonly Range Token => (origin + (int)reader.TokenStartIndex)..(origin + (int)reader.BytesConsumed);

    /// <summary>Enters an object.</summary>
    public void Begin(string expected)
    {
        Expect(JsonTokenType.StartObject, expected);
        Read();
    }

    /// <summary>Whether the next field has this name; if so, the cursor goes on its value, else it could have been.</summary>
    public bool Has(string name)
    {
        if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name))
        {
            possible.Clear();
            Read();
            return true;
        }

        possible.Add(name);
        return false;
    }

    /// <summary>Goes on the value of the next field, which must have this name.</summary>
    public void Field(string name)
    {
        if (!Has(name))
            throw Unexpected(possible.Count == 1 ? $"the field \"{name}\"" : "one of the fields " + string.Join(", ", possible));
    }

    /// <summary>Leaves an object.</summary>
    public void End()
    {
        if (reader.TokenType != JsonTokenType.EndObject)
        {
            throw Unexpected(
                possible.Count == 0 ? "the end of the object"
                    : $"one of the fields {string.Join(", ", possible)}, or the end of the object");
        }

        possible.Clear();
        ReadPast();
    }

    /// <summary>Goes past a field with whatever value, and tells both; false at the end of the object, which is left.</summary>
    public bool TakeField(out string name, out Range nameAt, out Range value)
    {
        (name, nameAt, value) = ("", Token, Token);
        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            End();
            return false;
        }

        name = Name();
        Read();
        value = Token;
        int depth = reader.CurrentDepth;
        while (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject || reader.CurrentDepth > depth)
            Read();

        value = value.Start..Token.End;
        Read();
        return true;
    }

    public void BeginArray(string expected)
    {
        Expect(JsonTokenType.StartArray, expected);
        Read();
    }

    /// <summary>Whether another element follows; if not, the array is left.</summary>
    public bool NextElement()
    {
        if (reader.TokenType != JsonTokenType.EndArray)
            return true;

        ReadPast();
        return false;
    }

    public long Number(string expected, long least, long greatest, Func<long, bool>? allowed = null)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < least || number > greatest
            || allowed?.Invoke(number) == false)
        {
            throw Unexpected($"{expected}, a whole number from {least} to {greatest}");
        }

        ReadPast();
        return number;
    }

    public long? NumberOrNull(string expected, long least, long greatest) => Null() ? null : Number(expected, least, greatest);

    public bool Bool(string expected)
    {
        bool value = reader.TokenType == JsonTokenType.True;
        if (!value && reader.TokenType != JsonTokenType.False)
            throw Unexpected($"{expected}, true or false");

        ReadPast();
        return value;
    }

    public string Text(string expected)
    {
        Expect(JsonTokenType.String, expected);
        string text = Name();
        ReadPast();
        return text;
    }

    public string? TextOrNull(string expected) => Null() ? null : Text(expected + " or null");

    /// <summary>One of several words, translated.</summary>
    public T Word<T>(string expected, Func<string, (bool Known, T Value)> translate)
    {
        Expect(JsonTokenType.String, expected);
        (bool known, T value) = translate(Name());
        if (!known)
            throw Unexpected(expected);

        ReadPast();
        return value;
    }

    /// <summary>Whether the value is null; if so, the cursor goes past it.</summary>
    public bool Null()
    {
        bool isNull = IsNull;
        if (isNull)
            ReadPast();

        return isNull;
    }

    /// <summary>What to throw if the value at the cursor is not what it should be.</summary>
    public readonly RecordingFormatException Unexpected(string expected) => Source.Unexpected(Token, expected);

    private readonly void Expect(JsonTokenType token, string expected)
    {
        if (reader.TokenType != token)
            throw Unexpected(expected);
    }

    /// <summary>The string at the cursor; equal ones are one object.</summary>
    private readonly string Name()
    {
        try
        {
            if (reader.ValueSpan.Length > LongestName)
                return reader.GetString()!;

            Span<char> buffer = stackalloc char[LongestName];
            ReadOnlySpan<char> name = buffer[..reader.CopyString(buffer)];
            HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = Source.Names.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!known.TryGetValue(name, out string? same))
            {
                same = name.ToString();
                Source.Names.Add(same);
            }

            return same;
        }
        catch (InvalidOperationException)
        {
            throw Unexpected("text that is valid UTF-8");
        }
    }

    private void Read()
    {
        if (!TryRead())
            throw Source.Unexpected(Source.Bytes.Length.., "more JSON");
    }

    /// <summary>Reads the token after a value. After the outermost one there is none.</summary>
    private void ReadPast()
    {
        if (!TryRead() && reader.CurrentDepth > 0)
            throw Source.Unexpected(Source.Bytes.Length.., "more JSON");
    }

    private bool TryRead()
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException e)
        {
            int offset = origin;
            for (long line = e.LineNumber ?? 0; line > 0; line--)
                offset += Source.Bytes.Span[offset..].IndexOf((byte)'\n') + 1;

            throw Source.Unexpected((offset + (int)(e.BytePositionInLine ?? 0)).., "JSON");
        }
    }
}
