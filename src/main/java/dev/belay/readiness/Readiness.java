package dev.belay.readiness;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.monitor.Metrics;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.readiness.Look.Question;
import dev.belay.undo.RehearsalAge;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks whether one could go back right now: everything at once, and nothing hides another. */
public final class Readiness {
  /** A statement about the server that takes longer than that is a finding by itself. */
  private static final String PATIENCE = "set statement_timeout = '15s'";

  private static final Map<Topic, Question> QUESTIONS = new EnumMap<>(Topic.class);

  static {
    QUESTIONS.put(Topic.SERVER, ServerPoints::server);
    QUESTIONS.put(Topic.SWAP, ServerPoints::swap);
    QUESTIONS.put(Topic.BACKUP, BackupPoints::newest);
    QUESTIONS.put(Topic.BACKUP_FILES, BackupPoints::files);
    QUESTIONS.put(Topic.TOOLS, BackupPoints::tools);
    QUESTIONS.put(Topic.BACKUP_DISK, DiskPoints::backups);
    QUESTIONS.put(Topic.SERVER_DISK, DiskPoints::server);
    QUESTIONS.put(Topic.LONG_TRANSACTIONS, SessionPoints::longTransactions);
    QUESTIONS.put(Topic.IDLE_IN_TRANSACTION, SessionPoints::idleInTransaction);
    QUESTIONS.put(Topic.PREPARED_TRANSACTIONS, SessionPoints::preparedTransactions);
    QUESTIONS.put(Topic.LOCK_WAITS, LockPoints::waits);
    QUESTIONS.put(Topic.STRONG_LOCKS, LockPoints::strong);
    QUESTIONS.put(Topic.ACTIVE_SESSIONS, ConnectionPoints::active);
    QUESTIONS.put(Topic.CONNECTIONS, ConnectionPoints::taken);
    QUESTIONS.put(Topic.REPLICATION, ReplicationPoints::standbys);
    QUESTIONS.put(Topic.REPLICATION_SLOTS, ReplicationPoints::slots);
    QUESTIONS.put(Topic.NETWORK, NetworkPoint::look);
    QUESTIONS.put(Topic.UNDO_SCRIPTS, UndoPoint::look);
    QUESTIONS.put(Topic.DRILL, DrillPoint::look);
    QUESTIONS.put(Topic.RUNNING, RunPoints::running);
    QUESTIONS.put(Topic.UNFINISHED_RUNS, RunPoints::unfinished);
  }

  private final Databases databases;
  private final Settings settings;
  private final Map<String, String> environment;

  /**
   * @param environment for PATH, where programs of PostgreSQL are looked for
   */
  public Readiness(Databases databases, Settings settings, Map<String, String> environment) {
    this.databases = databases;
    this.settings = settings;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Looks at everything that is asked, and changes nothing. What cannot be looked at is in the
   * report too.
   *
   * @throws Failure USAGE when a limit of the section {@code readiness} makes no sense
   */
  public ReadinessReport look(ReadinessRequest request) {
    Limits limits = Limits.of(settings.section("readiness"));
    // What is wrong with it is said before anything is looked at.
    RehearsalAge.of(settings);
    Target target = settings.target();
    List<Point> points = new ArrayList<>();
    Metrics metrics = new Metrics();
    Optional<Failure> unreachable = Optional.empty();
    Optional<Database> session = Optional.empty();
    try {
      session = Optional.of(open(target));
      points.add(Point.passed(Topic.CONNECTION, target + " as " + target.user(), ""));
    } catch (Failure failure) {
      unreachable = Optional.of(failure);
      points.add(Point.failed(Topic.CONNECTION, failure.message(), "", List.of(), failure.hint()));
    }
    try {
      Look look = new Look(settings, limits, request, session, databases, environment, metrics);
      QUESTIONS.forEach(
          (topic, question) -> {
            if (request.asks(topic)) {
              points.add(ask(topic, question, look));
            }
          });
    } finally {
      session.ifPresent(Database::close);
    }
    return new ReadinessReport(target.toString(), points, unreachable, metrics);
  }

  private Database open(Target target) {
    Database session = databases.open(target);
    try {
      session.readingOnly().execute(PATIENCE);
      return session;
    } catch (Failure broken) {
      session.close();
      throw broken;
    }
  }

  private static Point ask(Topic topic, Question question, Look look) {
    try {
      return question.ask(look);
    } catch (Failure failure) {
      boolean known = failure.message().equals(Look.NO_CONNECTION);
      // What to do about that is said once, where the connection is.
      return Point.notChecked(topic, failure.message(), known ? null : failure.hint());
    }
  }
}
