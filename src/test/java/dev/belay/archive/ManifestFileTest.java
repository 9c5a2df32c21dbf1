package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A manifest may come from anybody: every bad one is a sentence, in bounded time and memory. */
@Timeout(60)
class ManifestFileTest {
  private final Path folder;
  private final byte[] good;

  ManifestFileTest(@TempDir Path root) throws IOException {
    folder = new Backups(root).migrated("V1__a.sql").withProperties().take(Backups.NOON).folder();
    good = Files.readAllBytes(folder.resolve(ManifestFile.NAME));
  }

  /** Puts that in its place, with the checksum that belongs to it. */
  private void sealed(byte[] text) throws IOException {
    Files.write(folder.resolve(ManifestFile.NAME), text);
    Files.writeString(
        folder.resolve(ManifestFile.CHECKSUM), Sha256.of(text) + "  " + ManifestFile.NAME + "\n");
  }

  private void sealed(String text) throws IOException {
    sealed(text.getBytes(StandardCharsets.UTF_8));
  }

  private String refusal() {
    StoredBackup backup = StoredBackup.read(folder);
    assertThat(backup.problem()).isPresent();
    assertThatThrownBy(backup::manifest)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode().status()).isEqualTo(10));
    return backup.problem().orElseThrow();
  }

  private ObjectNode tree() {
    return (ObjectNode) Json.MAPPER.readTree(good);
  }

  @Test
  void sha256sumAcceptsTheFileBesideIt() throws IOException {
    assertThat(Files.readString(folder.resolve(ManifestFile.CHECKSUM)))
        .isEqualTo(Sha256.of(good) + "  manifest.json\n");
  }

  @Test
  void whatIsCutOrFlippedIsFound() throws IOException {
    for (int length : new int[] {0, 1, 2, good.length / 2, good.length - 2, good.length - 1}) {
      Files.write(folder.resolve(ManifestFile.NAME), Arrays.copyOf(good, length));
      assertThat(refusal()).contains("do not fit: one of them is damaged");
    }
    for (int at = 0; at < good.length; at += 37) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(folder.resolve(ManifestFile.NAME), bad);
      assertThat(refusal()).contains("do not fit");
    }
  }

  @Test
  void everyBitOfTheChecksumCounts() throws IOException {
    byte[] checksum = Files.readAllBytes(folder.resolve(ManifestFile.CHECKSUM));
    for (int bit = 0; bit < checksum.length * 8; bit++) {
      byte[] bad = checksum.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(folder.resolve(ManifestFile.CHECKSUM), bad);
      assertThat(refusal()).contains("manifest.json.sha256");
    }
    Files.write(
        folder.resolve(ManifestFile.CHECKSUM), Arrays.copyOf(checksum, checksum.length + 1));
    assertThat(refusal()).contains("do not fit");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Files.delete(folder.resolve(ManifestFile.CHECKSUM));
    assertThat(refusal()).isEqualTo("the file manifest.json.sha256 is missing");
    Files.delete(folder.resolve(ManifestFile.NAME));
    assertThat(refusal()).isEqualTo("the file manifest.json is missing");
  }

  @Test
  void aLinkAFolderAndAHugeOneAreRefusedBeforeTheyAreRead() throws IOException {
    Path file = folder.resolve(ManifestFile.NAME);
    Files.move(file, folder.resolve("elsewhere"));
    Files.createSymbolicLink(file, Path.of("elsewhere"));
    assertThat(refusal()).isEqualTo("the file manifest.json is no ordinary file");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(refusal()).isEqualTo("the file manifest.json is no ordinary file");
    Files.delete(file);
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 10_000_000_000L);
    }
    assertThat(refusal()).startsWith("the file manifest.json is longer than");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "42",
        "\"x\"",
        "{}",
        "{",
        "<html>",
        "{\"manifest\":1}",
        "{\"manifest\":\"one\"}",
        "{\"manifest\":1.5}",
        "{\"manifest\":1e400}",
        "{\"manifest\":99999999999999999999}",
        "{\"manifest\":1,\"manifest\":1}",
        "{\"manifest\":0}",
        "{\"manifest\":-1}",
        "\u0000\u0000",
        "{\"manifest\":1}{\"manifest\":1}"
      })
  void whatIsNoManifestIsASentence(String text) throws IOException {
    sealed(text);

    assertThat(refusal()).contains("manifest").doesNotContain("Exception").doesNotContain("\n");
  }

  @Test
  void deepNestingAndOtherBytesAreSentences() throws IOException {
    sealed("{\"manifest\":1,\"id\":" + "[".repeat(1_000_000));
    assertThat(refusal()).contains("manifest.json cannot be read");
    sealed(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'});
    assertThat(refusal()).contains("manifest.json cannot be read");
  }

  @Test
  void everyFieldThatIsLeftOutOrNullIsNamedOrHasANothing() throws IOException {
    Map<String, String> answers = new HashMap<>();
    for (String path : paths(tree(), "")) {
      ObjectNode without = tree();
      ObjectNode owner = (ObjectNode) without.at(path.substring(0, path.lastIndexOf('/')));
      String field = path.substring(path.lastIndexOf('/') + 1);
      owner.remove(field);
      sealed(Json.pretty(without));
      StoredBackup read = StoredBackup.read(folder);
      answers.put(path, read.problem().orElse("fine"));
      owner.putNull(field);
      sealed(Json.pretty(without));
      StoredBackup.read(folder).problem();
    }
    assertThat(answers.entrySet().stream().filter(each -> each.getValue().equals("fine")))
        .extracting(Map.Entry::getKey)
        .allMatch(
            path ->
                path.matches(
                    "/(description|selection|server/systemIdentifier|database/locale/(locale|icuRules)"
                        + "|database/properties(/(grants|comment|settings/0/role))?"
                        + "|content/largeObjects/content|extensions/.*"
                        + "|migrations/0/(currentVersion|rows/0/(version|checksum|installedOn)))"));
    assertThat(answers.get("/database/name")).contains("name");
    assertThat(answers.get("/files")).contains("a list is missing");
  }

  private static List<String> paths(JsonNode node, String at) {
    List<String> paths = new ArrayList<>();
    if (node.isObject()) {
      for (String name : node.propertyNames()) {
        paths.add(at + "/" + name);
        paths.addAll(paths(node.get(name), at + "/" + name));
      }
    } else if (node.isArray() && !node.isEmpty()) {
      paths.addAll(paths(node.get(0), at + "/0"));
    }
    return paths;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "dump/../../x",
        "/etc/passwd",
        "dump//x",
        "./x",
        "dump/.",
        "..",
        "",
        "a\\b",
        "a b",
        "a\u0000",
        "a\nb",
        "ü",
        "dump/toc.dat/"
      })
  void aPathThatLeadsElsewhereIsRefused(String path) throws IOException {
    ObjectNode tree = tree();
    ((ObjectNode) tree.get("files").get(0)).put("path", path);
    sealed(Json.pretty(tree));

    assertThat(refusal()).startsWith("its manifest names the file '");
  }

  @Test
  void aFileThatIsNamedTwiceOrWithoutASumIsRefused() throws IOException {
    ObjectNode twice = tree();
    ArrayNode files = (ArrayNode) twice.get("files");
    files.add(files.get(0));
    sealed(Json.pretty(twice));
    assertThat(refusal()).startsWith("its manifest names the file '");

    ObjectNode sum = tree();
    ((ObjectNode) sum.get("files").get(0)).put("sha256", "ABC");
    sealed(Json.pretty(sum));
    assertThat(refusal()).contains("no SHA-256");

    ObjectNode dump = tree();
    ((ObjectNode) dump.get("dump")).put("path", "../other/dump");
    sealed(Json.pretty(dump));
    assertThat(refusal()).contains("names the dump '../other/dump'");
  }

  @Test
  void aFieldThatIsNewIsIgnored() throws IOException {
    ObjectNode tree = tree();
    tree.put("colour", "red");
    ((ObjectNode) tree.get("database")).putArray("shards").add(1);
    sealed(Json.pretty(tree));

    StoredBackup backup = StoredBackup.read(folder);

    assertThat(backup.problem()).isEmpty();
    assertThat(backup.manifest().database().name()).isEqualTo("orders");
  }

  @Test
  void aLaterFormIsRefusedInWordsAndNothingOfItIsGuessed() throws IOException {
    sealed("{\"manifest\":2,\"everything\":\"different\"}");

    assertThat(refusal()).isEqualTo("its manifest is of form 2, and this belay reads up to 1");
    StoredBackup backup = StoredBackup.read(folder);
    assertThat(backup.isOfNewerForm()).isTrue();
    assertThatThrownBy(backup::manifest)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.hint()).contains("use the belay that made it"));
  }

  /** If this fails, backups that are out there cannot be read any more: never change the file. */
  @Test
  void theFirstFormStaysReadable() throws IOException {
    Path kept = Path.of("src/test/resources/dev/belay/archive");
    Path fixture = kept.resolve("orders_20240301_120000");

    StoredBackup backup = StoredBackup.read(fixture);

    assertThat(backup.problem()).isEmpty();
    assertThat(FileCheck.problems(backup, bytes -> {})).isEmpty();
    assertThat(backup.state().level()).isEqualTo(Level.RESTORED);
    assertThat(backup.state().pinned()).isTrue();
    assertThat(backup.state().restoreProof().orElseThrow().restoreMillis()).hasValue(4200L);
    Manifest manifest = backup.manifest();
    assertThat(manifest)
        .usingRecursiveComparison()
        .isEqualTo(
            new Backups(kept)
                .migrated("V1__initial.sql", "R__views.sql")
                .manifest(backup.id(), Backups.NOON, manifest.files()));
    assertThat(Files.readString(fixture.resolve(ManifestFile.NAME)))
        .isEqualTo(Json.pretty(manifest) + "\n");
  }
}
