package dev.belay.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.RealFlyway;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.ServerInfo;
import dev.belay.projects.Project;
import dev.belay.projects.random.RandomProject;
import dev.belay.support.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole chains of undo scripts: what is called proven is, to pg_dump, as if it had never been. */
class UndoChainsIT {
  @TempDir Path folder;

  static LongStream seeds() {
    long first = Long.getLong("belay.seed", 31);
    return LongStream.range(first, first + Integer.getInteger("belay.projects", 1));
  }

  /** Most of a project can be undone by what is made for it; the rest says why it cannot. */
  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsMadeForARandomProjectBringsTheSchemaBack(long seed) throws IOException {
    RandomProject.write(seed, folder);
    for (Path repeatable : files("R__")) {
      Files.delete(repeatable);
    }
    bringsBack(1);
  }

  @Test
  void whatIsMadeForTheClinicBringsTheSchemaBack() throws IOException {
    Path clinic = Project.named("clinic60").folder();
    copy(clinic.resolve("db/migration"), folder.resolve("db/migration"));
    Files.writeString(
        folder.resolve("flyway.conf"),
        Files.readString(clinic.resolve("flyway.conf"))
            .replaceAll("(?m)^flyway.locations=.*", "flyway.locations=filesystem:db/migration"));
    bringsBack(3);
  }

  private void bringsBack(int leastOffered) {
    try (UndoRig whole = new UndoRig(folder)) {
      whole.migrate();
      List<Migration> applied = new ArrayList<>();
      List<Boolean> offered = new ArrayList<>();
      try (Database live = whole.open()) {
        AppState state = AppState.read(live, whole.app());
        state.migrations().stream()
            .filter(each -> each.version() != null && each.state().isInForce())
            .forEach(applied::add);
        // Each takes some seconds; -Dbelay.migrations=99 asks for all.
        int most = Integer.getInteger("belay.migrations", 12);
        applied.subList(Math.min(most, applied.size()), applied.size()).clear();
        Map<Migration, GeneratedUndo.Result> made =
            GeneratedUndo.of(
                whole.settings(),
                live,
                state,
                new HashSet<>(applied),
                List.of(),
                UndoRig.progress());
        for (Migration each : applied) {
          GeneratedUndo.Result result = Objects.requireNonNull(made.get(each));
          assertThat(result.script().isPresent()).isEqualTo(result.reasons().isEmpty());
          assertThat(String.join(" ", result.reasons()))
              .as(each.name())
              .doesNotContain("does not bring the schema back")
              .doesNotContain("fails in the replay");
          offered.add(result.script().isPresent());
        }
      }
      assertThat(offered.stream().filter(each -> each).count())
          .isGreaterThanOrEqualTo(leastOffered);
      undo(applied, offered);
    }
  }

  /** The longest run of migrations that can all be undone, as if they were the last. */
  private void undo(List<Migration> applied, List<Boolean> offered) {
    int from = 1;
    int length = 0;
    // The first one stays, so that Flyway has something to migrate.
    for (int begin = 1; begin < offered.size(); begin++) {
      int end = begin;
      while (end < offered.size() && offered.get(end)) {
        end++;
      }
      if (end - begin > length) {
        from = begin;
        length = end - begin;
      }
    }
    assertThat(length).isPositive();
    try (UndoRig undone = new UndoRig(folder);
        UndoRig never = new UndoRig(folder)) {
      migrate(undone, applied.get(from + length - 1));
      migrate(never, applied.get(from - 1));
      UndoPlan plan = undone.generated(applied.get(from).name());
      assertThat(plan.steps()).hasSize(length);
      assertThat(plan.proof().verdict()).as("%s", plan.proof()).isEqualTo(UndoProof.Verdict.PROVEN);
      undone.run(plan);
      assertThat(dump(undone.live())).isEqualTo(dump(never.live()));
    }
  }

  private static void migrate(UndoRig rig, Migration last) {
    Flyway real = RealFlyway.of(rig.live(), rig.app(), true);
    Flyway.configure()
        .configuration(real.getConfiguration())
        .target(String.valueOf(last.version()))
        .load()
        .migrate();
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path copy = to.resolve(from.relativize(each).toString());
        Files.createDirectories(copy.getParent());
        if (!Files.isDirectory(each)) {
          Files.copy(each, copy);
        }
      }
    }
  }

  /** Without what is another each time, and without the history. */
  private static String dump(Target target) {
    return Programs.run(
            Map.of("PGPASSWORD", target.password().map(Secret::reveal).orElse("")),
            Set.of(),
            program(target).toString(),
            "--schema-only",
            "--exclude-table=*.flyway_schema_history",
            "--dbname",
            "host=%s port=%d user=%s dbname='%s'"
                .formatted(
                    target.host(),
                    target.port(),
                    target.user(),
                    target.database().replace("\\", "\\\\").replace("'", "\\'")))
        .out()
        .replaceAll("(?m)^(--.*|\\\\(un)?restrict .*|SET default_.*|)$\\n", "")
        .strip();
  }

  private static Path program(Target target) {
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      return new PostgresTools(Optional.empty(), System.getenv())
          .dumpFor(ServerInfo.of(session))
          .path();
    }
  }
}
