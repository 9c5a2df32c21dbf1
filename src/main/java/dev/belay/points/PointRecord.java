package dev.belay.points;

import dev.belay.core.Failure;
import dev.belay.report.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What is known of a rollback point beside its data. Fields are only ever added; one that is added
 * later is an Optional.
 *
 * @param point version of this form
 * @param name as it was given
 * @param kind {@code manual}, {@code before} (made of what an execution takes away) or {@code
 *     transaction}
 * @param takenAt the moment that it shows
 * @param target the database with its server, as reports call it
 * @param systemIdentifier of the server, where it could be read
 * @param by who made it, {@code user@host}
 * @param data the name of the file with the data, beside the record
 * @param sha256 of that file
 * @param bytes of that file
 * @param form how fingerprints were taken
 * @param probe what the server makes of known values; fingerprints of another cannot be compared
 * @param sequences as they were shortly after the moment: sequences belong to none
 * @param migrations of each app
 * @param executions oldest first
 */
public record PointRecord(
    int point,
    String id,
    String name,
    String kind,
    Optional<String> description,
    Instant takenAt,
    String database,
    String target,
    Optional<String> systemIdentifier,
    String by,
    String run,
    String data,
    String sha256,
    long bytes,
    String form,
    String probe,
    List<PointTable> tables,
    List<Sequence> sequences,
    List<Migration> migrations,
    List<PointExecution> executions) {
  /** The version of this form that this Belay writes, and the newest that it reads. */
  static final int VERSION = 1;

  /** More than a thousand tables with names of 63 bytes would need. */
  static final int LONGEST_BYTES = 16 << 20;

  /** It keeps so many, the newest. */
  private static final int MOST_EXECUTIONS = 100;

  public PointRecord {
    tables = List.copyOf(tables);
    sequences = List.copyOf(sequences);
    migrations = List.copyOf(migrations);
    executions = List.copyOf(executions);
  }

  /** Where a sequence was. */
  public record Sequence(String schema, String name, long lastValue, boolean called) {}

  /**
   * How far an app was migrated.
   *
   * @param version null: not at all
   */
  public record Migration(String app, @Nullable String version) {}

  /** The same with one execution more. */
  PointRecord with(PointExecution execution) {
    List<PointExecution> all = new ArrayList<>(executions);
    all.add(execution);
    int from = Math.max(0, all.size() - MOST_EXECUTIONS);
    return new PointRecord(
        point,
        id,
        name,
        kind,
        description,
        takenAt,
        database,
        target,
        systemIdentifier,
        by,
        run,
        data,
        sha256,
        bytes,
        form,
        probe,
        tables,
        sequences,
        migrations,
        all.subList(from, all.size()));
  }

  /** Rows of all tables. */
  long rows() {
    return tables.stream().mapToLong(PointTable::rows).sum();
  }

  String text() {
    return Json.pretty(this) + "\n";
  }

  /**
   * Reads one.
   *
   * @throws IOException with the reason in words when it is none
   */
  static PointRecord read(String text, String id) throws IOException {
    try {
      int version = Json.MAPPER.readTree(text).path("point").asInt(0);
      if (version > VERSION) {
        throw new IOException("it is of a newer belay (form " + version + ")");
      }
      PointRecord record = Json.MAPPER.readValue(text, PointRecord.class);
      if (!record.id.equals(id) || !record.data.equals(id + PointName.DATA)) {
        throw new IOException("it is the record of another point");
      }
      return record;
    } catch (JacksonException | Failure | NullPointerException damaged) {
      throw new IOException("it is no record of a point, or was changed", damaged);
    }
  }
}
