package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import dev.belay.flyway.ScriptProblem.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One walk over the locations of an app. */
final class ScriptScan {
  static final Comparator<MigrationScript> ORDER =
      Comparator.comparing(
              MigrationScript::version, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(MigrationScript::isBaseline)
          .thenComparing(script -> script.version() == null ? script.description() : "");

  private final AppSettings app;
  private final Target target;
  private final FlywayNaming naming;
  private final List<ScriptProblem> problems = new ArrayList<>();

  ScriptScan(AppSettings app, Target target) {
    this.app = app;
    this.target = target;
    this.naming = FlywayNaming.of(app.flyway());
  }

  MigrationScripts run() {
    List<MigrationScript> migrations = new ArrayList<>();
    List<MigrationScript> undos = new ArrayList<>();
    for (ScriptLocation location : ScriptLocation.of(app.undoLocations(), this::addUndoProblem)) {
      location.files(this::addUndoProblem).forEach(found -> addUndo(found, location, undos));
    }
    for (ScriptLocation location : ScriptLocation.of(app.locations(), problems::add)) {
      for (ScriptLocation.Found found : location.files(problems::add)) {
        Optional<ScriptName> name = naming.migration(name(found));
        if (name.isPresent()) {
          migrations.add(script(name.get(), found, location));
        } else if (!addUndo(found, location, undos) && naming.isSql(name(found))) {
          addNameProblem(found);
        }
      }
    }
    migrations.sort(ORDER);
    return new MigrationScripts(withoutDuplicates(migrations), distinct(undos), problems);
  }

  /** The folder of undo scripts need not exist: many apps have none. */
  private void addUndoProblem(ScriptProblem problem) {
    if (!problem.message().endsWith("does not exist")) {
      problems.add(new ScriptProblem(Kind.UNREADABLE, problem.where(), problem.message()));
    }
  }

  /** Scripts of callbacks are named after what calls them, such as {@code afterMigrate.sql}. */
  private void addNameProblem(ScriptLocation.Found found) {
    String name = name(found);
    if (name.startsWith("before") || name.startsWith("after") || name.startsWith("createSchema")) {
      return;
    }
    problems.add(
        new ScriptProblem(
            Kind.NAME, found.file().toString(), "not the name of a migration, so it is never run"));
  }

  private boolean addUndo(
      ScriptLocation.Found found, ScriptLocation location, List<MigrationScript> undos) {
    Optional<ScriptName> name = naming.undoScript(name(found));
    name.ifPresent(
        undo ->
            undos.add(
                new MigrationScript(
                    undo.kind(),
                    undo.version(),
                    undo.description(),
                    undo.type(),
                    found.script(),
                    found.file(),
                    location.descriptor(),
                    null,
                    null)));
    return name.isPresent();
  }

  private static String name(ScriptLocation.Found found) {
    return String.valueOf(found.file().getFileName());
  }

  private MigrationScript script(
      ScriptName name, ScriptLocation.Found found, ScriptLocation location) {
    ScriptSettings own = ScriptSettings.of(app, found.file(), this::addUnreadable);
    Charset encoding = own.encoding(this::addUnreadable);
    boolean repeatable = name.kind() == ScriptKind.REPEATABLE;
    String replace = own.get("placeholderReplacement", "true");
    Integer raw = checksum(found.file(), encoding, null);
    boolean replaced = repeatable && raw != null && !replace.equalsIgnoreCase("false");
    Integer checksum =
        replaced ? checksum(found.file(), encoding, Placeholders.of(app, target, name)) : raw;
    return new MigrationScript(
        name.kind(),
        name.version(),
        name.description(),
        name.type(),
        found.script(),
        found.file(),
        location.descriptor(),
        checksum,
        repeatable ? raw : null);
  }

  private @Nullable Integer checksum(Path file, Charset encoding, @Nullable Placeholders replace) {
    try (Reader raw = new BufferedReader(ScriptText.open(file, encoding));
        Reader text = replace == null ? raw : replace.replacing(raw)) {
      return ScriptText.checksum(text);
    } catch (CharacterCodingException other) {
      addUnreadable(file, "the text is not " + encoding);
    } catch (AccessDeniedException denied) {
      addUnreadable(file, "permission denied");
    } catch (IOException unreadable) {
      addUnreadable(file, String.valueOf(unreadable.getMessage()));
    }
    return null;
  }

  private void addUnreadable(Path file, String message) {
    problems.add(new ScriptProblem(Kind.UNREADABLE, file.toString(), message));
  }

  /** Flyway takes copies of a file in several locations for one when nothing differs. */
  private List<MigrationScript> withoutDuplicates(List<MigrationScript> sorted) {
    List<MigrationScript> kept = new ArrayList<>();
    for (MigrationScript script : sorted) {
      Optional<MigrationScript> same =
          kept.stream().filter(other -> isSameMigration(other, script)).findFirst();
      if (same.isEmpty()) {
        kept.add(script);
      } else if (!isCopy(same.get(), script)) {
        String what =
            script.version() == null
                ? "the same repeatable migration as "
                : "the same version, " + script.version() + ", as ";
        problems.add(
            new ScriptProblem(Kind.DUPLICATE, script.file().toString(), what + same.get().file()));
      }
    }
    return kept;
  }

  private static boolean isSameMigration(MigrationScript one, MigrationScript other) {
    if (one.version() == null || other.version() == null) {
      return one.version() == null
          && other.version() == null
          && one.description().equals(other.description());
    }
    return one.version().equals(other.version()) && one.isBaseline() == other.isBaseline();
  }

  private static boolean isCopy(MigrationScript one, MigrationScript other) {
    return one.script().equals(other.script())
        && one.type().equals(other.type())
        && one.checksum() != null
        && one.checksum().equals(other.checksum());
  }

  /** The first undo script of each version; a second one is a problem. */
  private List<MigrationScript> distinct(List<MigrationScript> undos) {
    Set<MigrationVersion> versions = new TreeSet<>();
    Set<Path> files = new HashSet<>();
    List<MigrationScript> kept = new ArrayList<>();
    for (MigrationScript undo : undos) {
      if (!files.add(undo.file().toAbsolutePath().normalize()) || undo.version() == null) {
        continue;
      }
      if (versions.add(undo.version())) {
        kept.add(undo);
      } else {
        problems.add(
            new ScriptProblem(
                Kind.DUPLICATE,
                undo.file().toString(),
                "a second undo script for version " + undo.version() + "; the first is used"));
      }
    }
    return kept;
  }
}
