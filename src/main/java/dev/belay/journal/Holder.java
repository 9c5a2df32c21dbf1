package dev.belay.journal;

import dev.belay.core.RunId;
import dev.belay.report.Json;
import dev.belay.report.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Who holds the operation lock.
 *
 * @param user the operating system's name of the user
 * @param command such as {@code backup-restore}
 */
public record Holder(
    String run, String host, long pid, String user, String command, Instant since) {
  private static final String OPEN = "/* belay ";
  private static final String CLOSE = " */";

  /** This process, from now on. */
  public static Holder here(RunId run, String command) {
    return new Holder(
        run.text(),
        ThisProcess.host(),
        ThisProcess.pid(),
        ThisProcess.user(),
        command,
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** A comment for a query, which others can read while the session is idle. */
  String comment() {
    String json = Json.MAPPER.writeValueAsString(this);
    return OPEN + json.replace("*", "\\u002a").replace("?", "\\u003f") + CLOSE;
  }

  /** Reads what {@link #comment()} wrote; empty when the text is cut or something else. */
  static Optional<Holder> read(String query) {
    int end = query.indexOf(CLOSE);
    if (!query.startsWith(OPEN) || end < 0) {
      return Optional.empty();
    }
    try {
      String json = query.substring(OPEN.length(), end);
      return Optional.of(Json.MAPPER.readValue(json, Holder.class));
    } catch (JacksonException other) {
      return Optional.empty();
    }
  }

  /**
   * {@code backup-restore by anna on db1 (process 4711), since 2024-01-01T12:00:00Z, 3 min 2 s}.
   */
  @Override
  public String toString() {
    return TextTable.visible(
        "%s by %s on %s (process %d), since %s, %s"
            .formatted(
                command,
                user,
                host,
                pid,
                since,
                dev.belay.core.Units.duration(Duration.between(since, Instant.now()).abs())));
  }
}
