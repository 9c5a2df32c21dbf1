package dev.belay.flyway;

import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.ServerError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.jspecify.annotations.Nullable;

/** What Flyway's exceptions say, in our words: the file, the line, the statement, the reason. */
final class FlywayFailures {
  private static final int LONGEST_STATEMENT = 200;
  private static final int DEEPEST = 30;

  private static final Pattern UNREADABLE =
      Pattern.compile("^Unable to calculate checksum of (.+?) Please ensure");

  private FlywayFailures() {}

  /**
   * Runs something of Flyway.
   *
   * @param placeholders whose values stand in the statements; none that sounds secret is shown
   * @throws Failure FAILED when it fails, with the file, the line and the statement
   */
  static void translated(Target target, Map<String, String> placeholders, Runnable work) {
    try {
      work.run();
    } catch (FlywayException thrown) {
      Optional<Failure> own = find(thrown, Failure.class);
      throw own.orElseGet(() -> failure(target, placeholders, thrown));
    }
  }

  /** The migrations that Flyway resolves, whatever they are made of. */
  static List<MigrationScript> resolved(Flyway flyway) {
    List<MigrationScript> scripts = new ArrayList<>();
    try {
      for (MigrationInfo info : flyway.info().all()) {
        if (info.getState().isResolved()) {
          scripts.add(script(info));
        }
      }
    } catch (FlywayException thrown) {
      throw Failure.failed(
              "Flyway cannot read the migrations: " + oneLine(thrown.getMessage()),
              "mend what it names, or the locations of the app: belay config")
          .causedBy(thrown);
    }
    return scripts;
  }

  private static MigrationScript script(MigrationInfo info) {
    ScriptKind kind =
        info.getVersion() == null
            ? ScriptKind.REPEATABLE
            : info.getType().isBaseline() ? ScriptKind.BASELINE : ScriptKind.VERSIONED;
    String place = info.getPhysicalLocation();
    return new MigrationScript(
        kind,
        info.getVersion() == null ? null : MigrationVersion.of(info.getVersion().getVersion()),
        info.getDescription(),
        info.getType().name(),
        info.getScript(),
        Path.of(place == null || place.isBlank() ? info.getScript() : place),
        "",
        info.getChecksum(),
        null);
  }

  private static Failure failure(
      Target target, Map<String, String> placeholders, FlywayException thrown) {
    Matcher unreadable = UNREADABLE.matcher(oneLine(thrown.getMessage()));
    if (unreadable.find()) {
      return Failure.failed(
              unreadable.group(1) + " is not text in the encoding that Flyway is told to read",
              "save it as UTF-8, or name the encoding of all files: FLYWAY_ENCODING=ISO-8859-1")
          .causedBy(new FlywayFault(unreadable.group(), 0, null, thrown.getStackTrace()));
    }
    Optional<ServerError> error = ServerError.in(thrown);
    String reason = error.map(ServerError::message).orElseGet(() -> oneLine(thrown.getMessage()));
    Optional<FlywaySqlScriptException> script = find(thrown, FlywaySqlScriptException.class);
    Optional<FlywayMigrateException> migrate = find(thrown, FlywayMigrateException.class);
    StringBuilder message = new StringBuilder();
    if (script.isPresent()) {
      message.append(file(script.get()));
      message.append(", line ").append(script.get().getLineNumber()).append(": ").append(reason);
      message
          .append("; the statement: ")
          .append(
              // Before it is cut, so that no half of a secret is left.
              statement(Masking.without(placeholders, oneLine(script.get().getStatement()))));
    } else if (migrate.isPresent()) {
      message.append(migrate.get().getMigration().getScript()).append(": ").append(reason);
    } else {
      message.append("Flyway in ").append(target).append(": ").append(reason);
    }
    String shown = Masking.without(placeholders, message.toString());
    return Failure.failed(shown, "mend the script, or what it needs, then run it again")
        .causedBy(
            new FlywayFault(
                thrown.getClass().getName() + ": " + shown,
                script.map(FlywaySqlScriptException::getLineNumber).orElse(0),
                ServerError.retold(thrown, text -> Masking.without(placeholders, text)),
                thrown.getStackTrace()));
  }

  private static String file(FlywaySqlScriptException thrown) {
    return thrown.getResource() == null ? "a script" : thrown.getResource().getRelativePath();
  }

  private static String statement(@Nullable String text) {
    String line = oneLine(text);
    return line.length() <= LONGEST_STATEMENT ? line : line.substring(0, LONGEST_STATEMENT) + " …";
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "" : text.strip().replaceAll("\\s+", " ");
  }

  private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> wanted) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (wanted.isInstance(cause)) {
        return Optional.of(wanted.cast(cause));
      }
      for (Throwable suppressed : cause.getSuppressed()) {
        if (wanted.isInstance(suppressed)) {
          return Optional.of(wanted.cast(suppressed));
        }
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
