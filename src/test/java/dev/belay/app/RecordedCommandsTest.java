package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Recorded;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Unrecorded;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every command is either recorded in the audit trail or known to change nothing. */
class RecordedCommandsTest {
  /** Each of them only looks, or writes a proof, a report or a copy that it names itself. */
  private static final Set<String> LOOKING =
      Set.of(
          "audit",
          "batch status",
          "check-dependencies",
          "check-migrations",
          "config",
          "incident-bundle",
          "drill",
          "list-backups",
          "list-migrations",
          "list-replaced",
          "report",
          "readiness",
          "rehearse",
          "rollback-point list",
          "rollback-point show",
          "send-notification",
          "validate-schema",
          "verify-integrity",
          "verify-state");

  @Test
  void aCommandWithoutPlanAndDryRunIsKnownToChangeNothing() {
    Set<String> unrecorded = new TreeSet<>();
    CommandPages.commands()
        .forEach(
            (name, command) -> {
              if (command.getCommand() instanceof ReportCommand && !recorded(command)) {
                unrecorded.add(name);
              }
            });

    assertThat(unrecorded).containsExactlyInAnyOrderElementsOf(LOOKING);
  }

  private static boolean recorded(CommandLine command) {
    if (command.getCommand() instanceof Unrecorded) {
      return false;
    }
    return command.getCommand() instanceof Recorded
        || command.getCommandSpec().findOption("--dry-run") != null
        || command.getMixins().values().stream().anyMatch(ChangeOptions.class::isInstance);
  }
}
