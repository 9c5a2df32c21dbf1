package dev.belay.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Exports that were cut, damaged, changed by hand, or made by somebody else. */
@Timeout(60)
class ExportFileTest {
  private static final String HEADER =
      """
      {"$belay":{"format":1,"form":"json","belay":"1","takenAt":"2024-01-01T00:00:00Z",\
      "database":"d","target":"d@h:1","server":"15.1","encoding":"UTF8","migrations":[],"tables":[\
      {"app":"a","key":"s.t","schema":"s","table":"t","columns":[\
      {"name":"id","type":"integer","nullable":false,"form":"number"},\
      {"name":"doc","type":"jsonb","nullable":true,"form":"json"},\
      {"name":"é \\"q\\"","type":"text","nullable":true,"form":"text"}],"primaryKey":["id"]},\
      {"app":"a","key":"s.u","schema":"s","table":"u","columns":[],"primaryKey":[]}]}""";

  private static final String JSON =
      HEADER
          + """
          ,
          "a":{
          "s.t":{"data":[
          {"id":1,"doc":{"a": [1.50, "\\\\n\\""]},"é \\"q\\"":"x\\ty\\u0001\\\\"},
          {"id":-2.5e+10,"doc":null,"é \\"q\\"":"\\ud83d\\ude00é"}
          ],"count":2},
          "s.u":{"data":[
          {}
          ],"count":1}
          }
          }
          """;

  private static final String LINES =
      HEADER.replace("\"form\":\"json\",\"belay\"", "\"form\":\"ndjson\",\"belay\"")
          + """
          }
          {"app":"a","table":"s.t","row":{"id":1,"doc":{"a": [1.50, "\\\\n\\""]},"é \\"q\\"":"x\\ty\\u0001\\\\"}}
          {"app":"a","table":"s.t","row":{"id":-2.5e+10,"doc":null,"é \\"q\\"":"\\ud83d\\ude00é"}}
          {"app":"a","table":"s.t","count":2}
          {"app":"a","table":"s.u","row":{}}
          {"app":"a","table":"s.u","count":1}
          {"$belay":{"tables":2,"rows":3}}
          """;

  private static final String COPY =
      "1\t{\"a\": [1.50, \"\\\\\\\\n\\\\\"\"]}\tx\\ty\u0001\\\\\n-2.5e+10\t\\N\t\uD83D\uDE00é\n\n";

  private final Path folder;

  ExportFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static String copy(InputStream text) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ExportReading reading = ExportReading.begin(text, Path.of("x.json"));
    reading.tables(rows -> rows.copyTo(all::write));
    return all.toString(StandardCharsets.UTF_8);
  }

  private static String copy(String text) {
    return copy(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Failure failure(String text) {
    Throwable thrown = catchThrowable(() -> copy(text));
    assertThat(thrown).isInstanceOf(Failure.class);
    return (Failure) thrown;
  }

  @Test
  void bothFormsGiveTheTextOfCopy() {
    assertThat(copy(JSON)).isEqualTo(COPY);
    assertThat(copy(LINES)).isEqualTo(COPY);
  }

  /** Whatever the read of a stream gives at a time, the answer is the same. */
  @Test
  void aStreamThatGivesOneByteAtATimeIsReadAsWell() {
    for (String text : List.of(JSON, LINES)) {
      InputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      InputStream slow =
          new InputStream() {
            @Override
            public int read() throws IOException {
              return bytes.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
              return bytes.read(into, offset, Math.min(1, length));
            }
          };
      assertThat(copy(slow)).isEqualTo(COPY);
    }
  }

  @Test
  void whatAnotherToolHasWrittenAnewIsReadAsWell() {
    JsonMapper mapper = JsonMapper.builder().build();
    String pretty =
        mapper
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(mapper.readTree(JSON.replace("-2.5e+10", "-25")));

    assertThat(copy(pretty).replaceAll("\\{.*\\}", "{}"))
        .isEqualTo(
            "1\t{\\n        \"a\" : [ 1.5, \"\\\\\\\\n\\\\\"\" ]\\n      }\tx\\ty\u0001\\\\\n-25\t\\N\t\uD83D\uDE00é\n\n"
                .replaceAll("(?s)\\{.*\\}", "{}"));
    assertThat(
            copy(
                JSON.replace(
                    "{\"data\":[\n{}\n],\"count\":1}", "{ \"count\" : 1 , \"data\" : [ { } ] }")))
        .isEqualTo(COPY);
  }

  @Test
  void columnsThatNobodyWantsAreLeftOut() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ExportReading.begin(
            new ByteArrayInputStream(JSON.getBytes(StandardCharsets.UTF_8)), Path.of("x"))
        .tables(rows -> rows.copyTo(all::write, Set.of("id", "é \"q\"")));

    assertThat(all.toString(StandardCharsets.UTF_8))
        .isEqualTo("1\tx\\ty\u0001\\\\\n-2.5e+10\t\uD83D\uDE00é\n\n");
  }

  @Test
  void aFileThatWasCutAnywhereIsNeverTakenForWhole() {
    for (String text : List.of(JSON, LINES)) {
      byte[] whole = text.getBytes(StandardCharsets.UTF_8);
      for (int length = 0; length < whole.length - 1; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> copy(new ByteArrayInputStream(cut)))
            .as("cut after %d bytes", length)
            .isInstanceOfSatisfying(
                Failure.class,
                failure -> {
                  assertThat(failure.exitCode()).isEqualTo(ExitCode.FINDINGS);
                  assertThat(failure.message()).contains("x.json, line ", ", byte ");
                });
      }
    }
  }

  /** No fault of a file is a defect of the program. */
  @Test
  void whateverIsChangedInAFileIsReadOrTold() {
    Random random = new Random(4711);
    for (String text : List.of(JSON, LINES)) {
      byte[] whole = text.getBytes(StandardCharsets.UTF_8);
      for (int round = 0; round < 20_000; round++) {
        byte[] changed = whole.clone();
        int changes = 1 + random.nextInt(3);
        for (int change = 0; change < changes; change++) {
          changed[random.nextInt(changed.length)] =
              (byte)
                  (random.nextBoolean()
                      ? random.nextInt(256)
                      : "{}[]\",:\\u0nt".charAt(random.nextInt(12)));
        }
        Throwable thrown = catchThrowable(() -> copy(new ByteArrayInputStream(changed)));
        if (thrown != null) {
          assertThat(thrown)
              .as(new String(changed, StandardCharsets.UTF_8))
              .isInstanceOf(Failure.class);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":1,|{\"idd\":1,|the column \"idd\" is where \"id\" should be",
        "{\"id\":1,\"doc\":{\"a\": [1.50, \"\\\\n\\\"\"]}|{\"doc\":{}|the column \"doc\" is where \"id\"",
        ",\"é \\\"q\\\"\":\"x\\ty\\u0001\\\\\"||the column \"é \"q\"\" is missing",
        "\\u0001\\\\\"}|\",\"more\":1}|the column \"more\" is not in the header",
        "\\u0001|\\u0000|the character U+0000",
        "\\u0001|\\ud800|\\ud800 is half of a character",
        "\\u0001|\\udc00|\\udc00 is half of a character",
        "\\u0001|\\ud800\\u0041|\\ud800 is half of a character",
        "\\u0001|\\q|\\q is no escape of JSON",
        "\\u0001|\\u00g1|four hexadecimal digits",
        "1.50, \"\\\\n|1.50, \"\\u00g1|four hexadecimal digits",
        "\"id\":1,|\"id\":01,|'1' is where",
        "\"id\":1,|\"id\":1.,|a digit of a number",
        "\"id\":1,|\"id\":NaN,|a value",
        "\"id\":1,|\"id\":[1],|an array is where a value of type integer should be",
        "1.50, |1.50,, |',' is where a value should be",
        "\"a\": [|\"a\" [|':' after a key",
        "\"count\":2|\"count\":3|it has 2 rows, and its count says 3",
        "\"count\":2|\"count\":-3|'-' is where a count should be",
        "],\"count\":2|]|the key \"count\" is missing",
        "\"s.u\":{|\"s.v\":{|the table \"s.v\" of the app \"a\" is not in the header",
        "\"s.u\":{|\"s.t\":{|is where \"s.u\" of \"a\" should be",
      })
  void whatWasChangedByHandIsToldWithItsLineAndByte(String text, String by, String told) {
    assertThat(JSON).contains(text);

    Failure failure = failure(JSON.replace(text, by == null ? "" : by));

    assertThat(failure.message()).contains(told).matches("(?s).*x\\.json, line \\d+, byte \\d+.*");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void aTableThatWasTakenOutIsMissed() {
    assertThat(failure(JSON.replace(",\n\"s.u\":{\"data\":[\n{}\n],\"count\":1}", "")).message())
        .contains("the table \"s.u\" of the app \"a\" is in the header and not in the file");
    assertThat(
            failure(
                    LINES.replaceFirst(
                        "(?s)\n.\"app\":\"a\",\"table\":\"s.u\".*\"count\":1\\}", ""))
                .message())
        .contains("line 5");
  }

  @Test
  void aFaultIsToldWithItsTableRowAndColumn() {
    assertThat(failure(JSON.replace("\\ud83d\\ude00", "\\ud83d")).message())
        .startsWith("x.json, line 5, byte ")
        .contains("(table s.t, row 2, column \"é \"q\"\")");
  }

  @Test
  void aByteThatIsNoUtf8IsTold() {
    byte[] bytes = JSON.getBytes(StandardCharsets.UTF_8);
    bytes[JSON.substring(0, JSON.indexOf("x\\ty")).getBytes(StandardCharsets.UTF_8).length] =
        (byte) 0xFF;

    assertThatThrownBy(() -> copy(new ByteArrayInputStream(bytes)))
        .hasMessageContaining("0xff begins no character")
        .hasMessageContaining("line 4");
  }

  @Test
  void aValueThatIsNestedDeeplyNeedsNoStack() {
    String deep = "[".repeat(90_000) + "]".repeat(90_000);
    assertThat(copy(JSON.replace("{\"a\": [1.50, \"\\\\n\\\"\"]}", deep))).contains(deep);
    String deeper = "{\"a\":".repeat(200_000);
    assertThat(failure(JSON.replace("{\"a\": [1.50, \"\\\\n\\\"\"]}", deeper)).message())
        .contains("nested more than 100000 deep", "column \"doc\"");
  }

  @Test
  void aValueThatTheServerWouldNotTakeIsToldWithItsSize() {
    int at = JSON.indexOf("x\\ty");
    InputStream huge =
        new SequenceInputStream(
            new SequenceInputStream(
                new ByteArrayInputStream(JSON.substring(0, at).getBytes(StandardCharsets.UTF_8)),
                new Repeated((1L << 30) + 1000)),
            new ByteArrayInputStream(JSON.substring(at).getBytes(StandardCharsets.UTF_8)));

    assertThatThrownBy(
            () ->
                ExportReading.begin(huge, Path.of("x.json"))
                    .tables(rows -> rows.copyTo((bytes, offset, length) -> {})))
        .hasMessageContaining("(table s.t, row 1, column \"é \"q\"\")")
        .hasMessageContaining("the value has 1073742831 bytes");
  }

  /** So many times the letter z. */
  private static final class Repeated extends InputStream {
    private long left;

    Repeated(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'z' : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int some = (int) Math.min(left, length);
      Arrays.fill(into, offset, offset + some, (byte) 'z');
      left -= some;
      return some;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"a\":1}",
        "{\"a\":{}}",
        "not json",
        "PGDMP",
        "{\"$belay\":[]}",
        "{\"$belay\":{}}"
      })
  void whatIsNoExportIsToldSo(String text) {
    assertThat(failure(text).message()).startsWith("x.json, line 1, byte ");
  }

  @Test
  void aFormatOfALaterBelayIsNotGuessedAt() {
    Failure newer = failure(JSON.replace("\"format\":1", "\"format\":2"));

    assertThat(newer.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(newer.message()).contains("format 2", "reads up to 1");
  }

  @Test
  void aHeaderThatLacksSomethingIsToldSo() {
    for (String field : List.of("database", "takenAt", "form", "encoding")) {
      assertThat(failure(JSON.replaceFirst("\"" + field + "\":\"[^\"]*\",", "")).message())
          .contains("header");
    }
    assertThat(failure(JSON.replace("\"migrations\":[],", "")).message()).contains("header");
    assertThat(
            failure(
                    JSON.replace(
                        "{\"name\":\"id\",\"type\":\"integer\",", "{\"type\":\"integer\","))
                .message())
        .contains("header");
  }

  private Path stored(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return file;
  }

  private static String line(Path file) throws IOException {
    return ExportChecksum.line(
        HexFormat.of().formatHex(ExportChecksum.sha256().digest(Files.readAllBytes(file))),
        String.valueOf(file.getFileName()));
  }

  private static Failure opening(Path file) {
    Throwable thrown = catchThrowable(() -> ExportFile.open(file, true, bytes -> {}).close());
    assertThat(thrown).isInstanceOf(Failure.class);
    return (Failure) thrown;
  }

  @Test
  void theChecksumBesideItMustFit() throws IOException {
    Path file = stored("e.json", JSON);
    Path checksum = ExportChecksum.beside(file);
    assertThat(opening(file).exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(opening(file).hint()).contains("--no-checksum");
    Files.writeString(checksum, line(file));
    ExportFile.open(file, true, bytes -> {}).close();
    Files.writeString(file, JSON.replace("\"id\":1", "\"id\":7"));
    assertThat(opening(file).message()).contains("is not what it was when it was made");
    Files.writeString(checksum, line(file).replace("e.json", "other.json"));
    assertThat(opening(file).message())
        .contains("is the checksum of 'other.json', and not of 'e.json'");
    Files.writeString(checksum, "hello");
    assertThat(opening(file).message()).contains("is no line of sha256sum");
    ExportFile.open(file, false, bytes -> {}).close();
    assertThat(opening(folder).message()).contains("is a folder");
    assertThat(opening(folder.resolve("none")).exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void aNameWithABackslashOrALineEndHasAChecksumAsSha256sumWritesIt() throws Exception {
    Path file = stored("a\\b\nc.json", JSON);
    Files.writeString(ExportChecksum.beside(file), line(file));

    ExportFile.open(file, true, bytes -> {}).close();

    Process check =
        new ProcessBuilder("sha256sum", "-c", ExportChecksum.beside(file).getFileName().toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as(said).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aCompressedFileThatWasCutIsToldSo(String method) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = ExportCompression.parse(method).into(packed)) {
      out.write(JSON.getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = packed.toByteArray();
    Path file = folder.resolve("packed");
    Files.write(file, whole);
    List<Long> rows = new ArrayList<>();
    try (ExportFile export = ExportFile.open(file, false, bytes -> {})) {
      rows.add(export.read(each -> {}));
    }
    assertThat(rows).containsExactly(3L);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(
              () -> {
                try (ExportFile export = ExportFile.open(file, false, bytes -> {})) {
                  export.read(each -> {});
                }
              })
          .as("cut after %d of %d bytes", length, whole.length)
          .isInstanceOf(Failure.class);
    }
  }
}
