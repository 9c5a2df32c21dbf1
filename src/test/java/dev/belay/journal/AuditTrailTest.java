package dev.belay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.journal.AuditVerdict.Kind;
import dev.belay.support.ChildJvm;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {
  @TempDir private Path home = Path.of("");

  private AuditTrail trail() {
    return AuditTrail.in(home);
  }

  private void append(int count) {
    for (int number = 0; number < count; number++) {
      trail().append(AuditRecord.here(AuditRecord.BEGUN, "run", "sample").saying("n " + number));
    }
  }

  private List<String> lines() throws IOException {
    return new ArrayList<>(Files.readAllLines(trail().file()));
  }

  private void write(List<String> lines) throws IOException {
    Files.writeString(trail().file(), String.join("\n", lines) + "\n");
  }

  private AuditVerdict verify() {
    return trail().verify(Optional.empty());
  }

  private AuditVerdict.Problem problem() {
    return Objects.requireNonNull(verify().problem());
  }

  @Test
  void linesAreAChainThatNobodyElseMayRead() throws IOException {
    append(5);

    assertThat(verify().problem()).isNull();
    assertThat(verify().lines()).isEqualTo(5);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(trail().file())))
        .isEqualTo("rw-------");
    assertThat(lines().get(0)).contains("\"sequence\":1,\"previous\":\"" + AuditRecord.NONE);
    assertThat(lines().get(4))
        .contains(AuditLine.sha256(lines().get(3).getBytes(StandardCharsets.UTF_8)))
        .contains(trail().head().orElseThrow());
  }

  @Test
  void aTrailThatIsNotThereYetIsEmptyAndWhole() {
    assertThat(verify().lines()).isZero();
    assertThat(verify().problem()).isNull();
    assertThat(trail().head()).isEmpty();
  }

  @Test
  void aChangedLineIsNamed() throws IOException {
    append(5);
    List<String> lines = lines();
    lines.set(2, lines.get(2).replace("sample", "sampla"));
    write(lines);

    assertThat(problem().kind()).isEqualTo(Kind.CHANGED);
    assertThat(problem().line()).isEqualTo(3);
  }

  @Test
  void aLineThatWasWrittenAnewWithAFittingHashIsNamedByTheOneBehindIt() throws IOException {
    append(5);
    List<String> lines = lines();
    AuditRecord old =
        AuditLine.read(lines.get(2).getBytes(StandardCharsets.UTF_8)).orElseThrow().record();
    lines.set(2, new String(AuditLine.bytes(old.saying("another")), StandardCharsets.UTF_8));
    write(lines);

    assertThat(problem().kind()).isEqualTo(Kind.CHANGED);
    assertThat(problem().line()).isEqualTo(3);
  }

  @Test
  void aMissingLineIsNamedWhereverItWas() throws IOException {
    append(5);
    List<String> whole = lines();
    List<String> lines = new ArrayList<>(whole);
    lines.remove(2);
    write(lines);
    assertThat(problem().kind()).isEqualTo(Kind.MISSING);
    assertThat(problem().words()).contains("record 3");

    lines = new ArrayList<>(whole.subList(2, 5));
    write(lines);
    assertThat(problem().kind()).isEqualTo(Kind.MISSING);
    assertThat(problem().words()).contains("records 1 to 2");
  }

  @Test
  void linesThatChangedPlacesAreNamed() throws IOException {
    append(5);
    List<String> lines = lines();
    String third = lines.get(2);
    lines.set(2, lines.get(3));
    lines.set(3, third);
    write(lines);

    assertThat(problem().kind()).isEqualTo(Kind.REORDERED);
    assertThat(problem().line()).isEqualTo(3);
  }

  @Test
  void aLineThatIsThereTwiceIsNamed() throws IOException {
    append(3);
    List<String> lines = lines();
    lines.add(lines.get(1));
    write(lines);

    assertThat(problem().kind()).isEqualTo(Kind.REORDERED);
    assertThat(problem().line()).isEqualTo(4);
  }

  @Test
  void aLineThatWasCutInTheMiddleIsNamed() throws IOException {
    append(4);
    List<String> lines = lines();
    lines.set(1, lines.get(1).substring(0, 40));
    write(lines);

    assertThat(problem().kind()).isEqualTo(Kind.CUT);
    assertThat(problem().line()).isEqualTo(2);
  }

  @Test
  void aCutOffEndIsSeenOnlyWithAHeadThatWasKept() throws IOException {
    append(3);
    String kept = trail().head().orElseThrow();
    append(2);
    assertThat(trail().verify(Optional.of(kept)).keptHeadLine()).isEqualTo(3);
    assertThat(trail().verify(Optional.of(kept)).problem()).isNull();

    write(lines().subList(0, 2));

    assertThat(verify().problem()).isNull();
    assertThat(Objects.requireNonNull(trail().verify(Optional.of(kept)).problem()).kind())
        .isEqualTo(Kind.HEAD_MISSING);
  }

  @Test
  void aLastLineThatACrashCutIsNotedAndStays() throws IOException {
    append(2);
    String whole = Files.readString(trail().file());
    String half = lines().get(1).substring(0, 70);
    Files.writeString(trail().file(), half, StandardOpenOption.APPEND);

    assertThat(verify().problem()).isNull();
    assertThat(verify().notes()).singleElement().asString().contains("line 3 was cut");

    append(1);

    assertThat(Files.readString(trail().file())).startsWith(whole + half + "\n");
    assertThat(lines()).hasSize(5);
    assertThat(lines().get(3)).contains("\"event\":\"mended\"");
    assertThat(verify().problem()).isNull();
    assertThat(verify().notes()).singleElement().asString().contains("line 3 was cut by a crash");
  }

  @Test
  void theLineBeforeACutOneIsBoundToo() throws IOException {
    append(3);
    String half = lines().get(1).substring(0, 70);
    Files.writeString(trail().file(), half, StandardOpenOption.APPEND);
    append(1);
    assertThat(verify().problem()).isNull();
    List<String> lines = lines();
    AuditRecord old =
        AuditLine.read(lines.get(2).getBytes(StandardCharsets.UTF_8)).orElseThrow().record();
    lines.set(2, new String(AuditLine.bytes(old.saying("another")), StandardCharsets.UTF_8));
    write(lines);

    assertThat(problem().line()).isEqualTo(4);
  }

  @Test
  void aCrashRightBeforeTheLineEndLosesNothing() throws IOException {
    append(2);
    String whole = Files.readString(trail().file());
    Files.writeString(trail().file(), whole.substring(0, whole.length() - 1));

    append(1);

    assertThat(lines()).hasSize(3);
    assertThat(verify().problem()).isNull();
  }

  @Test
  void nothingIsAddedBehindALastLineThatWasChanged() throws IOException {
    append(2);
    List<String> lines = lines();
    lines.set(1, lines.get(1).replace("sample", "sampla"));
    write(lines);

    assertThatThrownBy(() -> append(1))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure.hint()).contains("audit --verify", "mv ");
            });
    assertThat(lines()).isEqualTo(lines);
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws IOException {
    Path elsewhere = Files.createFile(home.resolve("elsewhere"));
    Files.createSymbolicLink(trail().file(), elsewhere);

    assertThatThrownBy(() -> append(1))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED));
    assertThat(elsewhere).isEmptyFile();
  }

  @Test
  void twoProcessesAtOnceStayOneChain() throws Exception {
    Process one = ChildJvm.start("", AuditAppender.class, home, Map.of(), "one", "200");
    Process other = ChildJvm.start("", AuditAppender.class, home, Map.of(), "other", "200");
    String said =
        new String(one.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            + new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(one.waitFor()).as(said).isZero();
    assertThat(other.waitFor()).as(said).isZero();

    assertThat(verify().problem()).isNull();
    assertThat(verify().lines()).isEqualTo(400);
    List<String> runs = new ArrayList<>();
    trail()
        .backwards(
            record -> {
              runs.add(record.run());
              return true;
            });
    assertThat(runs).filteredOn("one"::equals).hasSize(200);
    assertThat(runs).filteredOn("other"::equals).hasSize(200);
  }

  @Test
  void threadsOfOneProcessStayOneChain() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < 4; number++) {
      Thread thread = new Thread(() -> append(25));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(verify().problem()).isNull();
    assertThat(verify().lines()).isEqualTo(100);
  }

  @Test
  void aProcessKilledInTheMiddleOfALineIsNoted() throws IOException {
    append(1);
    ChildJvm.Result killed =
        ChildJvm.run("audit-half-line", AuditAppender.class, home, Map.of(), "killed", "1");
    assertThat(killed.status()).as(killed.output()).isEqualTo(137);
    assertThat(Files.readString(trail().file())).doesNotEndWith("\n");

    append(1);

    assertThat(verify().problem()).isNull();
    assertThat(verify().notes()).hasSize(1);
  }

  @Test
  void hostileTextStaysOnOneLineAndIsCut() throws IOException {
    trail()
        .append(
            AuditRecord.here(AuditRecord.BEGUN, "run", "sample")
                .on("a\"; drop table x; --\n\u0000\u2028ü𝄞@host:1", "ro\"le\n")
                .called("x\ny".repeat(50_000), null));
    append(1);

    assertThat(lines()).hasSize(2);
    assertThat(Files.size(trail().file())).isLessThan(40_000);
    assertThat(verify().problem()).isNull();
  }

  @Test
  void aHundredThousandLinesAreReadFromTheEndAndVerified() throws IOException {
    try (BufferedWriter file = Files.newBufferedWriter(trail().file())) {
      AuditRecord record = AuditRecord.here(AuditRecord.BEGUN, "run", "sample");
      String previous = AuditRecord.NONE;
      for (long number = 1; number <= 100_000; number++) {
        byte[] line = AuditLine.bytes(record.at(number, previous));
        file.write(new String(line, StandardCharsets.UTF_8));
        file.write('\n');
        previous = AuditLine.sha256(line);
      }
    }

    List<Long> newest = new ArrayList<>();
    trail()
        .backwards(
            record -> {
              newest.add(record.sequence());
              return newest.size() < 3;
            });
    assertThat(newest).containsExactly(100_000L, 99_999L, 99_998L);
    append(1);
    assertThat(verify().problem()).isNull();
    assertThat(verify().lines()).isEqualTo(100_001);
  }
}
