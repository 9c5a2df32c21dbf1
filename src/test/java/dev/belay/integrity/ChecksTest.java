package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {
  private static final Path SOURCES = Path.of("src/main/resources/dev/belay/integrity/checks");

  @Test
  void everyFileIsACheckAndEveryCheckAFile() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      assertThat(Checks.builtIn())
          .extracting(check -> check.id() + ".sql")
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void everyCheckIsOneStatementWithAComplaintAndAHint() throws Statements.Unended {
    for (Check check : Checks.builtIn()) {
      assertThat(Statements.of(check.sql())).as(check.id()).hasSize(1);
      assertThat(check.complaint()).as(check.id()).endsWith(".");
      assertThat(check.hint()).as(check.id()).isPresent();
      assertThat(CheckHeader.of(check.sql()).faults()).as(check.id()).isEmpty();
      assertThat(check.id()).matches("[a-z]+(-[a-z]+)*");
    }
  }

  @Test
  void rulesOfAFolderAreReadByName(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("b.sql"), "-- B.\r\n-- OWNER: team\r\nselect 1");
    Files.writeString(
        folder.resolve("a.sql"), "\ufeff-- A.\n\n-- severity: warning is prose here\nselect 1");
    Files.writeString(folder.resolve("readme.md"), "no rule");
    Files.createDirectory(folder.resolve("sub.sql"));

    List<Check> rules = Checks.rules(folder);

    assertThat(rules).extracting(Check::id).containsExactly("a", "b");
    assertThat(rules.get(0).complaint()).isEqualTo("A.");
    assertThat(rules.get(0).severity()).isEqualTo(Severity.ERROR);
    assertThat(rules.get(1).owner()).contains("team");
    assertThat(rules).allMatch(rule -> rule.fault().isEmpty() && !rule.isBuiltIn());
  }

  @Test
  void aFolderWithoutRulesAndNoFolderAreFailures(@TempDir Path folder) {
    assertThat(Checks.hasRules(folder)).isFalse();
    for (Path place : List.of(folder, folder.resolve("gone"))) {
      assertThatThrownBy(() -> Checks.rules(place))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(failure.message()).contains(place.toString());
              });
    }
  }

  @Test
  void aFileThatIsTooLongOrHasNullsIsAFault(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("long.sql"), "-- Long.\nselect 1" + " ".repeat(1 << 20));
    Files.writeString(folder.resolve("nulls.sql"), "-- Nulls.\nselect '\0'");

    assertThat(Checks.rules(folder)).allMatch(rule -> rule.fault().isPresent());
  }
}
