package dev.belay.batch;

import dev.belay.core.RunId;
import dev.belay.process.ShellWords;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run of batches, as the ledger has it.
 *
 * @param app whose migration it takes back
 * @param migration as the operator named it
 * @param planSha256 of what it does
 * @param plan what it does, statement by statement
 * @param kept for whoever goes on with it
 * @param phase PostgreSQL's word for how far it is: data, schema, verify or done
 * @param reason who paused or ended it, or why it broke off
 * @param waitsFor what it waits for now
 * @param run the run of the program that works on it, or did last
 * @param alive whether that program still has a session
 */
public record BatchRun(
    long id,
    String app,
    String migration,
    String planSha256,
    List<String> plan,
    BatchKept kept,
    String phase,
    BatchState state,
    Optional<String> reason,
    Optional<String> waitsFor,
    RunId run,
    Instant begunAt,
    String begunBy,
    boolean alive) {
  public BatchRun {
    plan = List.copyOf(plan);
  }

  /** The command that goes on with it; what it was begun with is kept in the ledger. */
  public String again() {
    return "belay " + ShellWords.join(List.of("gradual-rollback", app, migration));
  }
}
