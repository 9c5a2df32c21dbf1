package dev.belay.scratch;

import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.FlywayEngine.Callbacks;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationVersion;
import dev.belay.flyway.ParsedScript;
import dev.belay.flyway.ScriptFault;
import dev.belay.flyway.ScriptKind;
import dev.belay.postgres.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a replayed database in which undo scripts were run by the real Flyway, one after the
 * other, until one failed.
 */
public final class UndoneChain implements AutoCloseable {
  private static final String PREFIX = "U";

  private final ReplayGround ground;
  private final ScratchDatabase copy;
  private final SchemaShape before;
  private final SchemaShape after;
  private final List<RecordedMigration> recorded;
  private final Set<Integer> wroteHistory;
  private final @Nullable Failure failure;

  private UndoneChain(
      ReplayGround ground,
      ScratchDatabase copy,
      SchemaShape before,
      SchemaShape after,
      List<RecordedMigration> recorded,
      Set<Integer> wroteHistory,
      @Nullable Failure failure) {
    this.ground = ground;
    this.copy = copy;
    this.before = before;
    this.after = after;
    this.recorded = List.copyOf(recorded);
    this.wroteHistory = Set.copyOf(wroteHistory);
    this.failure = failure;
  }

  /**
   * Runs the scripts.
   *
   * @param copy a database in which more may be done; it is this object's from now on
   * @throws Failure when something else fails than a script
   */
  static UndoneChain run(
      ReplayGround ground, ScratchDatabase copy, ReplayPlan plan, List<UndoText> scripts) {
    try (ScriptFolder folder = ScriptFolder.create()) {
      AppSettings app = undoing(plan.app(), folder.location());
      List<MigrationScript> files = new ArrayList<>();
      for (UndoText script : scripts) {
        files.add(write(plan.app(), copy.target(), folder, script, files.size() + 1));
      }
      SchemaShape before;
      try (Database there = ground.databases().open(copy.target())) {
        there.execute("delete from " + new TableName(app.historySchema(), app.historyTable()));
        before = ShapeQueries.read(there);
      }
      ReplayPlan alone =
          new ReplayPlan(app, List.of(), files, List.of(), List.of(), List.of(), List.of());
      ReplaySession session = new ReplaySession(ground, copy.target(), alone, List.of());
      Failure failure = null;
      try {
        session.apply(files, Callbacks.NONE);
      } catch (Failure broken) {
        boolean itsOwn =
            ScriptFault.in(broken).isPresent() || broken.exitCode() == ExitCode.REFUSED;
        if (!itsOwn) {
          throw broken;
        }
        failure = named(broken, session.failed(), files, scripts);
      }
      List<RecordedMigration> recorded = session.recorded();
      Set<Integer> wrote = new HashSet<>();
      for (int at = 0; at < files.size(); at++) {
        if (session.wroteHistory().contains(files.get(at).script())) {
          wrote.add(at);
        }
      }
      SchemaShape after;
      try (Database there = ground.databases().open(copy.target())) {
        after = ShapeQueries.read(there);
      }
      return new UndoneChain(ground, copy, before, after, recorded, wrote, failure);
    } catch (Throwable broken) {
      copy.close();
      throw broken;
    }
  }

  /** Flyway runs versions upwards: the scripts are numbered in the order in which they are run. */
  private static MigrationScript write(
      AppSettings app, Target target, ScriptFolder folder, UndoText script, int number) {
    String name = PREFIX + number + "__undo.sql";
    String text = ParsedScript.replaced(app, target, script.name(), script.text());
    Path file = folder.write(name, text, script.transactional());
    return new MigrationScript(
        ScriptKind.VERSIONED,
        MigrationVersion.of(String.valueOf(number)),
        "undo",
        "SQL",
        name,
        file,
        folder.location(),
        null,
        null);
  }

  private static AppSettings undoing(AppSettings app, String location) {
    Map<String, String> flyway = new HashMap<>(app.flyway());
    flyway.put("sqlMigrationPrefix", PREFIX);
    flyway.put("sqlMigrationSeparator", "__");
    flyway.put("sqlMigrationSuffixes", ".sql");
    flyway.put("placeholderReplacement", "false");
    flyway.put("encoding", "UTF-8");
    // As the script is cut for the live database: it runs without a transaction if a part must.
    flyway.put("mixed", "true");
    flyway.remove("repeatableSqlMigrationPrefix");
    flyway.remove("baselineMigrationPrefix");
    return new AppSettings(
        app.name(),
        app.schemas(),
        app.tables(),
        List.of(location),
        List.of(),
        app.historySchema(),
        app.historyTable(),
        Map.of(),
        flyway);
  }

  private static Failure named(
      Failure failure,
      Optional<String> script,
      List<MigrationScript> files,
      List<UndoText> scripts) {
    for (int at = 0; at < files.size(); at++) {
      String file = files.get(at).script();
      if (script.filter(file::equals).isPresent()) {
        String message = failure.message();
        String name = scripts.get(at).name();
        String full = files.get(at).file().toString();
        String better = message.replace(full, name).replace(file, name);
        return Failure.failed(better.contains(name) ? better : name + ": " + better, failure.hint())
            .causedBy(failure);
      }
    }
    return failure;
  }

  /** What there was before the first script. */
  public SchemaShape before() {
    return before;
  }

  /** What there is after the last script that did not fail. */
  public SchemaShape after() {
    return after;
  }

  /** What each script did, in the order in which they were run; fewer when one failed. */
  public List<RecordedMigration> recorded() {
    return recorded;
  }

  /** Which scripts wrote Flyway's table, or defined it otherwise; by their place from 0. */
  public Set<Integer> wroteHistory() {
    return wroteHistory;
  }

  /** Why a script failed; empty when none did. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /** A session with the copy, to read. The caller closes it. */
  public Database open() {
    return ground.databases().open(copy.target());
  }

  /** Drops the copy. */
  @Override
  public void close() {
    copy.close();
  }
}
