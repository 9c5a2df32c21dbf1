package dev.belay.backup;

import dev.belay.archive.BackupStore;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import java.time.Instant;
import picocli.CommandLine.Command;

/** {@code belay list-backups}: what there is to go back to. Reaches no server. */
@Command(
    name = "list-backups",
    description =
        "List the backups: age, size, how far each is proven, migrations, whole or broken.",
    footer = {
      "",
      "Needs no server. It reads manifests and looks at the size of files; only",
      "validate-backup reads the files.",
      "",
      "Examples:",
      "  belay list-backups",
      "  belay list-backups --output json"
    })
public final class ListBackupsCommand extends ReportCommand {
  public ListBackupsCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    BackupStore store = new BackupStore(settings.folders().backups());
    return ListReport.of(store, Instant.now());
  }
}
