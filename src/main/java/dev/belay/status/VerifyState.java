package dev.belay.status;

import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks whether the target, its migrations and its ways back are as they should be. Reads only. */
public final class VerifyState {
  private final Databases databases;
  private final List<StateCheck> checks;

  /** With all its checks. */
  public VerifyState(Databases databases) {
    this(
        databases,
        List.of(
            new ServerCheck(),
            new MigrationCheck(),
            new UndoCheck(),
            new SchemaCheck(),
            new SessionCheck(SessionCheck.LONG),
            new BackupCheck(),
            new UnfinishedCheck()));
  }

  VerifyState(Databases databases, List<StateCheck> checks) {
    this.databases = databases;
    this.checks = List.copyOf(checks);
  }

  /**
   * The same with the check that needs a replay of the migrations.
   *
   * @param expected what the schema should be
   */
  public VerifyState withSchema(Expected expected, Progress progress) {
    List<StateCheck> all = new ArrayList<>(checks);
    all.add(new DriftCheck(databases, expected, progress));
    return new VerifyState(databases, all);
  }

  /** Runs every check. What cannot be reached is in the report too. */
  public VerifyStateReport run(Settings settings) {
    Target target = settings.target();
    List<CheckResult> results = new ArrayList<>();
    Optional<Failure> unreachable = Optional.empty();
    Optional<Database> session = Optional.empty();
    try {
      session = Optional.of(databases.open(target));
      results.add(CheckResult.passed("connection", target + " as " + target.user()));
    } catch (Failure failure) {
      unreachable = Optional.of(failure);
      results.add(CheckResult.failed("connection", failure.message(), List.of(), failure.hint()));
      results.addAll(new DoorCheck(databases).whyClosed(settings));
    }
    try {
      StateContext context = new StateContext(settings, session);
      checks.forEach(check -> results.addAll(ask(check, context)));
    } finally {
      session.ifPresent(Database::close);
    }
    return new VerifyStateReport(target.toString(), results, unreachable);
  }

  private static List<CheckResult> ask(StateCheck check, StateContext context) {
    try {
      return check.run(context);
    } catch (Failure failure) {
      return check.names().stream()
          .map(name -> CheckResult.notChecked(name, failure.message(), failure.hint()))
          .toList();
    }
  }
}
