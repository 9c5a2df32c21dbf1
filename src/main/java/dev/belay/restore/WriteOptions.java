package dev.belay.restore;

import dev.belay.cli.ChangeOptions;
import dev.belay.core.Failure;
import picocli.CommandLine.Option;

/** What becomes of the rows that were written since the backup. */
public final class WriteOptions {
  @Option(
      names = "--expect-writes",
      description =
          "Before the swap, compare the live database with the backup row by row, say what was"
              + " written since, and ask again when something would be left behind.")
  private boolean expect;

  @Option(
      names = "--carry-new-rows",
      description = "The same, and carry the rows over that only the live database has.")
  private boolean carry;

  @Option(
      names = "--leave-writes",
      description = "Swap even when something that was written since is left behind.")
  private boolean leave;

  Writes writes(ChangeOptions change) {
    return new Writes(expect || carry, carry, leave, !change.yes());
  }

  /** Single tables are merged under a policy. */
  void refuse() {
    if (expect || carry || leave) {
      throw Failure.usage(
          "--expect-writes, --carry-new-rows and --leave-writes are for a whole database",
          "leave them out: with --table the plan says what becomes of rows written since");
    }
  }
}
