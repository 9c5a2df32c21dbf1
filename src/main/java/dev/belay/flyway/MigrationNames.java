package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.config.Nearest;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the migration that somebody names: as {@code 18}, {@code V18}, {@code V18__remove_x}, the
 * name of its file with or without folders, {@code R__views}, or the description of a repeatable
 * one. The prefixes and endings are those of the app.
 */
public final class MigrationNames {
  private static final int NEAREST = 3;

  private final AppState state;
  private final FlywayNaming naming;
  private final List<Migration> migrations;

  private MigrationNames(AppState state) {
    this.state = state;
    this.naming = FlywayNaming.of(state.app().flyway());
    this.migrations =
        state.migrations().stream()
            .filter(migration -> !migration.isRecord())
            .filter(
                migration -> migration.applied() == null || !migration.applied().isSchemaCreation())
            .toList();
  }

  /**
   * The migration of that name. Of one that was applied, taken back and is pending again, what is
   * in force; else what is pending; else what was applied last.
   *
   * @throws Failure USAGE when there is none, naming those that come near
   */
  public static Migration find(AppState state, String text) {
    MigrationNames names = new MigrationNames(state);
    return names.named(text).orElseThrow(() -> names.unknown(text));
  }

  /** The same, or nothing when there is no such migration. */
  public static Optional<Migration> lookUp(AppState state, String text) {
    return new MigrationNames(state).named(text);
  }

  /** What a migration is called in a sentence: {@code V18}, or {@code R__views}. */
  public static String label(AppSettings app, Migration migration) {
    MigrationVersion version = migration.version();
    return version == null
        ? label(app, null, migration.description())
        : label(app, version.toString(), "");
  }

  /** The same of a row of the history. */
  public static String label(AppSettings app, AppliedMigration row) {
    return label(app, row.version(), row.description());
  }

  private static String label(AppSettings app, @Nullable String version, String description) {
    FlywayNaming naming = FlywayNaming.of(app.flyway());
    return version == null
        ? naming.repeatable() + naming.separator() + description.replace(' ', '_')
        : naming.versioned() + version;
  }

  private Optional<Migration> named(String text) {
    String stripped = text.strip();
    String file = stripped.substring(Math.max(stripped.lastIndexOf('/'), 0)).replace("/", "");
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Optional<Migration> exact =
        best(migration -> migration.name().equals(file) || isFile(migration, file));
    if (exact.isPresent()) {
      return exact;
    }
    Optional<ScriptName> name = parse(file);
    if (name.isPresent()) {
      return best(migration -> isOf(migration, name.get()));
    }
    Optional<MigrationVersion> version = MigrationVersion.parse(file);
    if (version.isPresent()) {
      Optional<Migration> found = best(migration -> version.get().equals(migration.version()));
      if (found.isPresent()) {
        return found;
      }
    }
    String words = file.replace('_', ' ');
    return best(migration -> migration.version() == null && migration.description().equals(words));
  }

  private static boolean isFile(Migration migration, String file) {
    MigrationScript script = migration.script();
    AppliedMigration applied = migration.applied();
    return (script != null && String.valueOf(script.file().getFileName()).equals(file))
        || (applied != null
            && applied.script().substring(applied.script().lastIndexOf('/') + 1).equals(file));
  }

  /** As a file's name without its ending, with one, and with a prefix in the other case. */
  private Optional<ScriptName> parse(String file) {
    List<String> forms = new ArrayList<>(List.of(file));
    for (String prefix : List.of(naming.versioned(), naming.repeatable())) {
      if (file.regionMatches(true, 0, prefix, 0, prefix.length())) {
        forms.add(prefix + file.substring(prefix.length()));
      }
    }
    List<String> endings = new ArrayList<>(naming.suffixes());
    endings.add("");
    for (String form : forms) {
      for (String ending : naming.isSql(form) ? List.of("") : endings) {
        Optional<ScriptName> name = naming.migration(form + ending);
        if (name.isPresent()) {
          return name;
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(Migration migration, ScriptName name) {
    if (name.version() == null) {
      return migration.version() == null && migration.description().equals(name.description());
    }
    MigrationScript script = migration.script();
    boolean sameWords =
        name.description().isEmpty()
            || migration.description().equals(name.description())
            || (script != null && script.description().equals(name.description()));
    return name.version().equals(migration.version()) && sameWords;
  }

  private Optional<Migration> best(Predicate<Migration> wanted) {
    return migrations.stream()
        .filter(wanted)
        .max(
            Comparator.comparingInt(MigrationNames::closeness)
                .thenComparingInt(
                    migration ->
                        migration.applied() == null ? 0 : migration.applied().installedRank()));
  }

  private static int closeness(Migration migration) {
    if (migration.state().isInForce()) {
      return migration.state() == MigrationState.SUPERSEDED ? 2 : 3;
    }
    return migration.applied() == null ? 1 : 0;
  }

  private Failure unknown(String text) {
    String app = state.app().name();
    Optional<Migration> sameVersion =
        parse(text.strip())
            .map(ScriptName::version)
            .flatMap(version -> best(migration -> version.equals(migration.version())));
    String but =
        sameVersion
            .map(migration -> ": version " + migration.version() + " is " + migration.name())
            .orElse("");
    List<String> near = sameVersion.map(found -> List.of(found.name())).orElseGet(() -> near(text));
    String list = "belay " + ShellWords.join(List.of("list-migrations", app));
    return Failure.usage(
        "there is no migration '%s' of the app '%s'%s".formatted(text, app, but),
        near.isEmpty()
            ? "see what there is with: " + list
            : "use one of: %s; or see all with: %s".formatted(String.join(", ", near), list));
  }

  /** The names that come nearest to what somebody wrote. */
  private List<String> near(String text) {
    String wrong = text.strip().toLowerCase(Locale.ROOT);
    return migrations.stream()
        .sorted(
            Comparator.comparingInt(
                migration ->
                    Math.min(
                        distance(wrong, migration.name()),
                        distance(wrong, label(state.app(), migration)))))
        .map(Migration::name)
        .distinct()
        .limit(NEAREST)
        .toList();
  }

  private static int distance(String wrong, String name) {
    return Nearest.distance(wrong, name.toLowerCase(Locale.ROOT));
  }
}
