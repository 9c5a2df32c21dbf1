package dev.belay.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How a {@link MigrationTransaction} is opened. For one thread. */
public final class MigrationOptions {
  private static final int BATCH_SIZE = 100;
  private static final double THRESHOLD = 0.1;

  private final @Nullable DataSource dataSource;
  private final String url;
  private final String user;
  private final String password;
  private final List<String> tables = new ArrayList<>();
  private String name = "migration";
  private @Nullable String description;
  private int batchSize = BATCH_SIZE;
  private double threshold = THRESHOLD;
  private Path folder = Path.of("");
  private Duration wait = Duration.ZERO;
  private boolean triggers = true;

  MigrationOptions(@Nullable DataSource dataSource, String url, String user, String password) {
    this.dataSource = dataSource;
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** A word for the rollback point and the audit trail, such as {@code import_customers_001}. */
  public MigrationOptions named(String word) {
    name = word;
    return this;
  }

  /** What it is for; shown in lists of rollback points. */
  public MigrationOptions describedAs(String text) {
    description = text;
    return this;
  }

  /**
   * The tables that the migration writes, {@code schema.table} with {@code *} and {@code ?}. Only
   * these are brought back, so name every one.
   */
  public MigrationOptions tables(String... patterns) {
    tables.addAll(List.of(patterns));
    return this;
  }

  /**
   * Records of one transaction; 100 unless told otherwise.
   *
   * @throws IllegalArgumentException when it is less than 1
   */
  public MigrationOptions batchSize(int records) {
    if (records < 1) {
      throw new IllegalArgumentException("the batch size is " + records);
    }
    batchSize = records;
    return this;
  }

  /**
   * The part of the records that may fail, 0.1 unless told otherwise; when more do, everything is
   * brought back.
   *
   * @throws IllegalArgumentException when it is not from 0 to 1
   */
  public MigrationOptions failureThreshold(double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException("the failure threshold is " + part);
    }
    threshold = part;
    return this;
  }

  /**
   * Where {@code belay.yaml} and Belay's folders are; the working directory unless told otherwise.
   */
  public MigrationOptions in(Path workingFolder) {
    folder = workingFolder;
    return this;
  }

  /**
   * How long to wait while another Belay works on the database; not at all unless told otherwise.
   */
  public MigrationOptions waitingAtMost(Duration longest) {
    wait = longest;
    return this;
  }

  /**
   * Whether triggers fire when the tables are brought back; they do unless told otherwise, or
   * unless one of them changes what is written.
   */
  public MigrationOptions triggers(boolean fire) {
    triggers = fire;
    return this;
  }

  /**
   * Makes the rollback point and opens the migration.
   *
   * @throws MigrationException when it cannot be opened; nothing was changed then
   */
  public MigrationTransaction open() {
    return MigrationTransaction.open(this);
  }

  Place place() {
    DataSource source = dataSource;
    return source == null
        ? Place.of(url, user, password, folder, name, wait)
        : Place.of(source, folder, name, wait);
  }

  String name() {
    return name;
  }

  Optional<String> description() {
    return Optional.ofNullable(description);
  }

  List<String> tables() {
    return List.copyOf(tables);
  }

  int batchSize() {
    return batchSize;
  }

  double threshold() {
    return threshold;
  }

  boolean triggers() {
    return triggers;
  }
}
