package dev.belay.status;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code belay list-migrations [app]}: what was applied, what was not, what can be undone. */
@Command(
    name = "list-migrations",
    description = "List the migrations of an app, or of all, with their state and undo scripts.",
    footer = {
      "",
      "Examples:",
      "  belay list-migrations",
      "  belay list-migrations medications --output json"
    })
public final class ListMigrationsCommand extends ReportCommand {
  @Parameters(arity = "0..1", paramLabel = "<app>", description = "Only this app (default: all).")
  private @Nullable String app;

  private final ListMigrations listMigrations;

  public ListMigrationsCommand(
      Surroundings surroundings, Terminal terminal, ListMigrations listMigrations) {
    super(surroundings, terminal);
    this.listMigrations = listMigrations;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    return listMigrations.run(settings, Optional.ofNullable(app), surroundings().directory());
  }
}
