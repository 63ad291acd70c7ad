using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace Rmap.Regressions.Recordings;

/// <summary>Operations in JSON, as <see cref="OperationTable"/> has them: read and written.</summary>
internal static class OperationJson
{
    /// <summary>In JSON an operation of its own: mlock2 with MLOCK_ONFAULT.</summary>
    private const string MlockOnFault = "mlockonfault";

    private static readonly FrozenDictionary<string, OperationRow> ByName =
        OperationTable.Rows.Where(row => row.Json is not null).Select(row => KeyValuePair.Create(row.Json!, row))
            .Append(KeyValuePair.Create(MlockOnFault, OperationTable.Of<Operation.Mlock>())).ToFrozenDictionary();

    private static readonly string Known =
        "one of the operations " + string.Join(", ", OperationTable.Rows.Select(row => row.Json).OfType<string>().Append(MlockOnFault));

    private static readonly (MremapFlags Flag, string Word)[] MremapWords =
        [(MremapFlags.MayMove, "maymove"), (MremapFlags.Fixed, "fixed"), (MremapFlags.DontUnmap, "dontunmap")];

    /// <summary>The fields of each operation: those that are written.</summary>
    private static readonly FrozenDictionary<OperationRow, string[]> FieldNames =
        ByName.Values.Distinct().ToFrozenDictionary(row => row, Fields);

    /// <summary>Reads an operation.</summary>
    internal static Operation Read(ref JsonCursor json)
    {
        var fields = new JsonFields(ref json, "an operation: an object");
        string op = fields.Field("op").Word(Known, word => (ByName.ContainsKey(word), word));
        OperationRow row = ByName[op];
        fields.Only(FieldNames[row]);
        return row.Through(row.Blank, new Reading(op, fields));
    }

    /// <summary>Writes an operation.</summary>
    /// <exception cref="ArgumentException">It does not occur in JSON.</exception>
    internal static void Write(Utf8JsonWriter json, Operation operation)
    {
        OperationRow row = OperationTable.Of(operation);
        string name = row.Json ?? throw new ArgumentException($"No request asks for '{ScenarioText.Print(operation)}'.", nameof(operation));
        json.WriteStartObject();
        json.WriteString("op", operation is Operation.Mlock { OnFault: true } ? MlockOnFault : name);
        row.Through(operation, new Writing(json));
        json.WriteEndObject();
    }

    private static string[] Fields(OperationRow row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            Write(json, row.Blank);
        }

        using JsonDocument written = JsonDocument.Parse(bytes.WrittenMemory);
        return [.. written.RootElement.EnumerateObject().Select(field => field.Name)];
    }

    private static string Json(string word) => word.Replace('-', '_');

    private sealed class Reading(string op, JsonFields fields) : Operands
    {
        private const long MostPages = PageTable.Pages;

        internal override ProcessId Process(ProcessId process, string json) =>
            new((int)Number(json, "a process number", int.MaxValue));

        internal override string Name(string name, string json) =>
            fields.Field(json).Word("a name such as F0", word => (ScenarioReader.IsName(word), word));

        internal override VirtualPage Page(VirtualPage page, string json = "page") => new(Number(json, "a page number", MostPages));

        internal override PageRange Range(PageRange range, string start = "page", string length = "len") =>
            PageRange.Of(Page(default, start), Number(length, "a number of pages", MostPages));

        internal override long FilePage(long page) => Page(default).Number;

        internal override PageRange FileRange(PageRange range) => Range(range);

        internal override long Pages(long pages) => Number("pages", "a number of pages", MostPages);

        internal override byte Value(byte value) => (byte)Number("value", "a byte", byte.MaxValue);

        internal override byte? Fill(byte? value) => (byte?)NumberOrNull("fill", "a byte or null", byte.MaxValue);

        internal override T Word<T>(T value, Words<T> words) => words switch
        {
            Words<bool> when ReferenceEquals(words, Words.OnFault) => (T)(object)(op == MlockOnFault),
            Words<bool> when ReferenceEquals(words, Words.OnOff) => (T)(object)fields.Field(words.Json).Bool(words.Json),
            Words<bool> => (T)(object)(fields.Has(words.Json, out JsonCursor json) && json.Bool(words.Json)),
            Words<Protection> => (T)(object)(Protection)(int)RecordingReader.AccessFlags(fields.Field(words.Json)),
            Words<Advice> => Word(fields.Field(words.Json), words),
            _ => fields.Has(words.Json, out JsonCursor json) ? Word(json, words) : words.All[0].Value,
        };

        internal override int Number(int number, string notation, string what) =>
            (int)Number(Field(notation), "a setting of KSM", int.MaxValue);

        internal override int Passes(int passes) => (int)(NumberOrNull("passes", "a number of passes", int.MaxValue) ?? 0);

        internal override string? Backing(string? file) =>
            fields.Has("file", out JsonCursor json) && !json.IsNull ? Name("", "file") : null;

        internal override long Offset(long pages) => NumberOrNull("off", "an offset in pages", MostPages) ?? 0;

        internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap)
        {
            long length = Number("newLen", "a number of pages", MostPages);
            VirtualPage? target = NumberOrNull("to", "a page number or null", MostPages) is { } to ? new VirtualPage(to) : null;
            var flags = MremapFlags.None;
            if (fields.Has("flags", out JsonCursor json))
            {
                json.BeginArray("mremap's flags: an array");
                while (json.NextElement())
                {
                    flags |= json.Word("one of maymove, fixed, dontunmap", word => (
                        MremapWords.Any(each => each.Word == word), MremapWords.FirstOrDefault(each => each.Word == word).Flag));
                }
            }

            return (target, length, flags);
        }

        private static T Word<T>(JsonCursor json, Words<T> words) => json.Word(
            "one of " + string.Join(", ", words.All.Select(each => Json(each.Word))),
            word => (words.All.Any(each => Json(each.Word) == word), words.All.FirstOrDefault(each => Json(each.Word) == word).Value));

        private long Number(string name, string what, long greatest) => fields.Field(name).Number(what, 0, greatest);

        private long? NumberOrNull(string name, string what, long greatest) =>
            fields.Has(name, out JsonCursor json) ? json.NumberOrNull(what, 0, greatest) : null;
    }

    private sealed class Writing(Utf8JsonWriter json) : Operands
    {
        internal override ProcessId Process(ProcessId process, string name)
        {
            json.WriteNumber(name, process.Number);
            return process;
        }

        internal override string Name(string name, string field)
        {
            json.WriteString(field, name);
            return name;
        }

        internal override VirtualPage Page(VirtualPage page, string name = "page") => new(Number(page.Number, name));

        internal override PageRange Range(PageRange range, string start = "page", string length = "len") =>
            PageRange.Of(Page(range.Start, start), Number(range.Pages, length));

        internal override long FilePage(long page) => Number(page, "page");

        internal override PageRange FileRange(PageRange range) => Range(range);

        internal override long Pages(long pages) => Number(pages, "pages");

        internal override byte Value(byte value) => (byte)Number(value, "value");

        internal override byte? Fill(byte? value) => (byte?)NumberOrNull(value, "fill");

        internal override T Word<T>(T value, Words<T> words)
        {
            switch (value)
            {
                case bool when ReferenceEquals(words, Words.OnFault) || ReferenceEquals(words, Words.MapLocked):
                    break;
                case bool flag:
                    json.WriteBoolean(words.Json, flag);
                    break;
                case Protection protection:
                    json.WriteString(
                        words.Json, [Letter('r', Protection.Read), Letter('w', Protection.Write), Letter('x', Protection.Exec)]);
                    char Letter(char letter, Protection bit) => (protection & bit) != 0 ? letter : '-';
                    break;
                default:
                    json.WriteString(words.Json, Json(words.All[words.IndexOf(value)].Word));
                    break;
            }

            return value;
        }

        internal override int Number(int number, string notation, string what) => (int)Number(number, Field(notation));

        internal override int Passes(int passes) => (int)Number(passes, "passes");

        internal override string? Backing(string? file)
        {
            json.WriteString("file", file);
            return file;
        }

        internal override long Offset(long pages) => Number(pages, "off");

        internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap)
        {
            Number(mremap.NewLength, "newLen");
            NumberOrNull(mremap.Target?.Number, "to");
            json.WriteStartArray("flags");
            foreach ((_, string word) in MremapWords.Where(each => (mremap.Flags & each.Flag) != 0))
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            return base.Move(mremap);
        }

        private long Number(long number, string name)
        {
            json.WriteNumber(name, number);
            return number;
        }

        private long? NumberOrNull(long? number, string name)
        {
            if (number is null)
            {
                json.WriteNull(name);
                return null;
            }

            return Number(number.Value, name);
        }
    }

    /// <summary>The field of an operand that the grammar notes in capitals.</summary>
    private static string Field(string notation) => notation.ToLowerInvariant();
}
