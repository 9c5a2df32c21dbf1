package dev.belay.batch;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import java.util.Optional;

/**
 * Gives the room of replaced rows back to the table after every twelfth of it, so that it hardly
 * grows. Where that cannot be done it says so once, and the work goes on.
 */
final class Vacuuming implements AutoCloseable {
  private static final int PARTS = 12;

  /** A smaller table grows by less than anybody notices. */
  private static final long FEWEST_ROWS = 20_000;

  private final Databases databases;
  private final Target target;
  private final Progress progress;
  private final BatchTable table;
  private final long every;
  private Optional<Database> session = Optional.empty();
  private long since;
  private boolean told;
  private boolean possible;

  Vacuuming(Databases databases, Target target, Progress progress, BatchTable table) {
    this.databases = databases;
    this.target = target;
    this.progress = progress;
    this.table = table;
    this.every = Math.max(FEWEST_ROWS, table.rows() / PARTS);
    this.possible = table.vacuumed();
  }

  /** So many rows were changed. */
  void changed(long rows) {
    since += rows;
    if (since < every) {
      return;
    }
    since = 0;
    if (!possible) {
      tell("this role may not vacuum it; " + fate());
      return;
    }
    Database vacuum = session.orElseGet(this::opened);
    Optional<String> holder = VacuumQueries.oldSnapshot(vacuum);
    if (holder.isPresent()) {
      tell("what it had is still seen by %s; %s".formatted(holder.get(), fate()));
      return;
    }
    try {
      VacuumQueries.vacuum(vacuum, table.name());
    } catch (Failure failure) {
      if (SqlState.lostConnection(failure)) {
        throw failure;
      }
      if (!SqlState.LOCK_NOT_AVAILABLE.isOf(failure)) {
        possible = false;
        tell(failure.message() + "; " + fate());
      }
    }
  }

  private String fate() {
    return "it grows meanwhile, by up to its own size (%s rows)"
        .formatted(Units.count(table.rows()));
  }

  private Database opened() {
    Database vacuum = databases.open(target);
    session = Optional.of(vacuum);
    vacuum.execute("set lock_timeout = '100ms'");
    return vacuum;
  }

  private void tell(String why) {
    if (!told) {
      told = true;
      progress.warn("%s is not vacuumed on the way: %s".formatted(table.name().plain(), why));
    }
  }

  @Override
  public void close() {
    session.ifPresent(Database::close);
  }
}
