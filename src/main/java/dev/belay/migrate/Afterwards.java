package dev.belay.migrate;

import dev.belay.catalogue.Difference;
import dev.belay.core.Failure;
import dev.belay.integrity.CheckResult;
import dev.belay.integrity.CheckScope;
import dev.belay.integrity.Checking;
import dev.belay.integrity.Checks;
import dev.belay.integrity.Pace;
import dev.belay.integrity.Severity;
import dev.belay.postgres.Database;
import dev.belay.scratch.ReplayedSchema;
import dev.belay.scratch.SchemaDrift;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks whether schema and data are as they should be after a migration, and holds what it finds
 * against what was so before. Reads only.
 */
final class Afterwards {
  private static final int MOST = 50;

  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;
  private final Set<String> tables;

  Afterwards(GuardedRun run, MigrateRequest request, Forecast forecast) {
    this.run = run;
    this.request = request;
    this.forecast = forecast;
    this.tables = forecast.tables();
  }

  /**
   * What is not as it should be.
   *
   * @param schema differences from what the applied migrations give
   * @param integrity broken promises of the data, each as a line, and how many rows break it
   * @param notes what could not be looked at
   */
  record Seen(Set<Difference> schema, Map<String, Long> integrity, List<String> notes) {}

  /** Looks. What cannot be looked at is a note. */
  Seen look(Database session) {
    List<String> notes = new ArrayList<>();
    Set<Difference> schema = new LinkedHashSet<>();
    if (forecast.risk().isEmpty()) {
      notes.add("the schema is not compared: " + forecast.why().orElse("there was no replay"));
    } else {
      try {
        schema.addAll(schema(session));
      } catch (Failure cannot) {
        notes.add("the schema could not be compared: " + cannot.message());
      }
    }
    Map<String, Long> integrity = new TreeMap<>();
    try {
      integrity.putAll(integrity(session));
    } catch (Failure cannot) {
      notes.add("the data could not be checked: " + cannot.message());
    }
    return new Seen(schema, integrity, notes);
  }

  private List<Difference> schema(Database session) {
    return SchemaDrift.of(
            run.settings(),
            request.app(),
            run.databases(),
            session,
            new ReplayedSchema()
                .replay(run.settings(), request.app(), session, request.jars(), run.progress()))
        .comparison()
        .differences();
  }

  private Map<String, Long> integrity(Database session) {
    Map<String, Long> found = new TreeMap<>();
    if (tables.isEmpty()) {
      return found;
    }
    CheckScope scope = CheckScope.of(table -> tables.contains(table.plain()));
    Checking checking =
        new Checking(
                () -> run.databases().open(run.target()),
                Pace.forBusy(),
                run.settings().lockTimeout(),
                MOST,
                run.progress())
            .lookingAt(session, scope);
    if (checking.isWithoutRelations()) {
      return found;
    }
    for (CheckResult result : checking.run(Checks.builtIn())) {
      if (result.check().severity() == Severity.ERROR) {
        result
            .findings()
            .forEach(
                finding ->
                    found.merge(
                        "%s: %s".formatted(result.check().id(), finding.place()),
                        finding.rows(),
                        Long::sum));
        if (result.findingCount() > result.findings().size()) {
          found.put(
              "%s: findings in all, of which %d are compared"
                  .formatted(result.check().id(), result.findings().size()),
              result.findingCount());
        }
        result
            .unchecked()
            .forEach(
                each ->
                    found.put(
                        "%s could not be checked: %s".formatted(result.check().id(), each.what()),
                        0L));
      }
    }
    return found;
  }

  /** What came with the migration, and what was so before. */
  record Compared(List<String> problems, List<String> notes) {
    /**
     * Compares what was seen.
     *
     * @param before empty: nobody looked
     */
    static Compared of(Optional<Seen> before, Seen after) {
      List<String> problems = new ArrayList<>();
      List<String> notes = new ArrayList<>();
      for (String note : after.notes()) {
        // What could be looked at before, and cannot now, is nothing that passed.
        if (before.isEmpty() || isAmong(note, before.get().notes())) {
          notes.add(note);
        } else {
          problems.add(note);
        }
      }
      for (Difference difference : after.schema()) {
        String words =
            difference.group().name().toLowerCase(Locale.ROOT) + ": " + difference.key().plain();
        if (difference.isColumnOrderOnly()) {
          notes.add(
              "the columns of %s are in another order than in a new database"
                  .formatted(difference.key().plain()));
        } else if (before.filter(seen -> seen.schema().contains(difference)).isPresent()) {
          notes.add("the schema differed before already: " + words);
        } else {
          problems.add("schema: " + words);
        }
      }
      after
          .integrity()
          .forEach(
              (finding, rows) -> {
                Long earlier =
                    before
                        .flatMap(seen -> Optional.ofNullable(seen.integrity().get(finding)))
                        .orElse(null);
                if (earlier == null) {
                  problems.add("integrity: " + finding);
                } else if (rows > earlier) {
                  problems.add(
                      "integrity: %s: %d now, %d before".formatted(finding, rows, earlier));
                } else {
                  notes.add("the data was so before already: " + finding);
                }
              });
      return new Compared(problems, notes);
    }

    /** The reason may name what is another each time, such as a scratch database. */
    private static boolean isAmong(String note, List<String> notes) {
      return notes.stream().anyMatch(each -> about(each).equals(about(note)));
    }

    private static String about(String note) {
      int end = note.indexOf(": ");
      return end < 0 ? note : note.substring(0, end);
    }
  }
}
