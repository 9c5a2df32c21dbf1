package dev.belay.cli;

import dev.belay.config.AppSettings;
import dev.belay.config.Setting;
import dev.belay.config.Settings;
import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is configured, and where each value came from.
 *
 * @param target the database, as {@code database@host:port}; null where none is configured
 * @param user as whom it is reached; null where no database is configured
 * @param encryption how the connection is encrypted; null where no database is configured
 * @param apps names of the apps
 * @param settings sorted by name; secrets are masked
 */
public record ConfigReport(
    @Nullable String target,
    @Nullable String user,
    @Nullable String encryption,
    List<String> apps,
    List<Setting> settings)
    implements Report {

  /** What these settings come to. */
  public static ConfigReport of(Settings settings) {
    Target target = settings.reached();
    return new ConfigReport(
        target == null ? null : target.toString(),
        target == null ? null : target.user(),
        target == null ? null : encryption(target),
        settings.apps().stream().map(AppSettings::name).toList(),
        settings.all());
  }

  private static String encryption(Target target) {
    if (target.isUnixSocket()) {
      return "none, over a Unix socket";
    }
    return "sslmode "
        + target.tls().mode()
        + target.tls().rootCertificate().map(file -> ", trusting " + file).orElse("")
        + target.tls().certificate().map(file -> ", as " + file).orElse("");
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (target == null) {
      lines.add("target: none; name one with --url postgresql://user@host:5432/database,");
      lines.add("        with url in belay.yaml, or with PGDATABASE");
    } else {
      lines.add("target: " + TextTable.visible(target + " as " + user));
      lines.add("tls:    " + TextTable.visible(String.valueOf(encryption)));
    }
    lines.add("apps:   " + String.join(", ", apps));
    lines.add("");
    TextTable table = new TextTable("SETTING", "VALUE", "FROM");
    settings.forEach(
        setting ->
            table.row(
                setting.name(),
                setting.value().isEmpty() ? "-" : setting.value(),
                setting.source()));
    lines.addAll(table.lines());
    return lines;
  }
}
