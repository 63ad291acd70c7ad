using System.Text;
using System.Text.Json;

namespace Rmap.Regressions.Recordings;

/// <summary>
/// Reads JSON of a known shape, forwards, without a tree in between. Whatever does not fit is a <see cref="RecordingFormatException"/>.
/// </summary>
internal ref struct JsonCursor
{
    private const int ExcerptLength = 40, LongestName = 64;

    private readonly ReadOnlySpan<byte> bytes;
    private readonly string file;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> names;
    private Utf8JsonReader reader;

    /// <param name="bytes">The text.</param>
    /// <param name="file">Where it comes from, for messages.</param>
    /// <param name="names">Strings met before, of ordinal comparison; null for none.</param>
    public JsonCursor(ReadOnlySpan<byte> bytes, string file, HashSet<string>? names = null)
    {
        this.bytes = bytes;
        this.file = file;
        this.names = (names ?? new HashSet<string>(StringComparer.Ordinal)).GetAlternateLookup<ReadOnlySpan<char>>();
        reader = new Utf8JsonReader(bytes);
        Read();
    }

    public readonly bool IsNull => reader.TokenType == JsonTokenType.Null;

    public readonly bool IsObject => reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Enters an object; what follows is a loop over <see cref="NextField"/>.</summary>
    public void BeginObject(string expected)
    {
        Expect(JsonTokenType.StartObject, expected);
        Read();
    }

    /// <summary>The next field's name, with the cursor on its value; null at the end of the object, which is left.</summary>
    public string? NextField(ref Fields fields)
    {
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            if (fields.Missing is { } missing)
            {
                throw Unexpected($"the field \"{missing}\"");
            }

            ReadPast();
            return null;
        }

        string name = Name();
        if (!fields.Take(name, out string problem))
        {
            throw Unexpected(problem);
        }

        Read();
        return name;
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
        {
            return true;
        }

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

    public bool Bool(string expected)
    {
        bool value = reader.TokenType == JsonTokenType.True;
        if (!value && reader.TokenType != JsonTokenType.False)
        {
            throw Unexpected($"{expected}, true or false");
        }

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

    public string? TextOrNull(string expected)
    {
        if (!IsNull)
        {
            return Text(expected + " or null");
        }

        ReadPast();
        return null;
    }

    /// <summary>One of several words, translated.</summary>
    public T Word<T>(string expected, Func<string, (bool Known, T Value)> translate)
    {
        Expect(JsonTokenType.String, expected);
        (bool known, T value) = translate(Name());
        if (!known)
        {
            throw Unexpected(expected);
        }

        ReadPast();
        return value;
    }

    public void Null()
    {
        Expect(JsonTokenType.Null, "null");
        ReadPast();
    }

    /// <summary>What to throw if the value at the cursor is not what it should be.</summary>
    public readonly RecordingFormatException Unexpected(string expected) => At(reader.TokenStartIndex, expected);

    private readonly RecordingFormatException At(long position, string expected)
    {
        ReadOnlySpan<byte> before = bytes[..(int)Math.Min(position, bytes.Length)];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        long line = before.Count((byte)'\n') + 1;
        long column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
        ReadOnlySpan<byte> rest = bytes[before.Length..];
        rest = rest[..Math.Min(rest.Length, ExcerptLength)];
        int end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        rest = end >= 0 ? rest[..end] : rest;
        string found = before.Length == bytes.Length ? "the end of the file"
            : end == 0 ? "the end of the line"
            : $"'{Encoding.UTF8.GetString(rest)}'";
        return new RecordingFormatException(file, line, column, found, expected);
    }

    private readonly void Expect(JsonTokenType token, string expected)
    {
        if (reader.TokenType != token)
        {
            throw Unexpected(expected);
        }
    }

    /// <summary>The string at the cursor; equal ones are one object.</summary>
    private readonly string Name()
    {
        try
        {
            if (reader.ValueSpan.Length > LongestName)
            {
                return reader.GetString()!;
            }

            Span<char> buffer = stackalloc char[LongestName];
            ReadOnlySpan<char> name = buffer[..reader.CopyString(buffer)];
            if (!names.TryGetValue(name, out string? known))
            {
                known = name.ToString();
                names.Set.Add(known);
            }

            return known;
        }
        catch (InvalidOperationException)
        {
            throw Unexpected("text that is valid UTF-8");
        }
    }

    private void Read()
    {
        if (!TryRead())
        {
            throw At(bytes.Length, "more JSON");
        }
    }

    /// <summary>Reads the token after a value. After the outermost one there is none.</summary>
    private void ReadPast()
    {
        if (!TryRead() && reader.CurrentDepth > 0)
        {
            throw At(bytes.Length, "more JSON");
        }
    }

    private bool TryRead()
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException e)
        {
            throw At(Offset(e.LineNumber ?? 0) + (e.BytePositionInLine ?? 0), "JSON");
        }
    }

    private readonly long Offset(long line)
    {
        int offset = 0;
        for (; line > 0; line--)
        {
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        }

        return offset;
    }
}

/// <summary>The fields that an object may have, and which of them were met.</summary>
internal struct Fields(string[] required, string[]? optional = null)
{
    private ulong met;

    /// <summary>A required field that was not met, or null.</summary>
    public readonly string? Missing
    {
        get
        {
            for (int i = 0; i < required.Length; i++)
            {
                if ((met & (1UL << i)) == 0)
                {
                    return required[i];
                }
            }

            return null;
        }
    }

    public bool Take(string name, out string problem)
    {
        int index = Array.IndexOf(required, name);
        if (index < 0 && optional is not null)
        {
            index = Array.IndexOf(optional, name);
            index = index < 0 ? index : index + required.Length;
        }

        ulong bit = index < 0 ? 0 : 1UL << index;
        problem = index < 0 ? "one of the fields " + string.Join(", ", [.. required, .. optional ?? []])
            : (met & bit) != 0 ? $"the field \"{name}\" only once"
            : "";
        met |= bit;
        return problem.Length == 0;
    }
}
