package dev.belay.export;

import dev.belay.core.Identifier;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.dataset.DataExport.Chosen;
import dev.belay.dataset.ExportCompression;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that speaks against an export, found at once and before its first byte. */
final class ExportPreflight {
  /** Of the size of the tables, which may have room that no row needs. */
  private static final int LEAST_IN_PERCENT = 40;

  private static final int LEAST_COMPRESSED_IN_PERCENT = 4;

  private final Database session;
  private final Refusals refusals;
  private final List<Chosen> chosen;

  ExportPreflight(Database session, Refusals refusals, List<Chosen> chosen) {
    this.session = session;
    this.refusals = refusals;
    this.chosen = chosen;
  }

  /** Whether this role may read everything, and is shown everything that it reads. */
  void rights() {
    Identifier role = new Identifier(session.target().user());
    Set<TableName> wanted =
        chosen.stream().map(each -> each.table().name()).collect(Collectors.toSet());
    List<TableName> unreadable =
        ExportPreflightQueries.unreadable(session).stream().filter(wanted::contains).toList();
    if (!unreadable.isEmpty()) {
      refusals.add(
          "the role %s may not read %s".formatted(session.target().user(), names(unreadable)),
          ServerInfo.of(session).major() >= 14
              ? "grant pg_read_all_data to " + role
              : "grant select on %s to %s".formatted(unreadable.get(0), role));
    }
    List<TableName> hidden =
        ExportPreflightQueries.hiddenByPolicy(session).stream().filter(wanted::contains).toList();
    if (!hidden.isEmpty()) {
      refusals.add(
          "row-level security would hide rows of %s from the role %s"
              .formatted(names(hidden), session.target().user()),
          "alter role %s bypassrls".formatted(role));
    }
  }

  /** Whether the export will fit, as far as that can be known. */
  void disk(Path folder, ExportCompression compression) {
    Path there = folder.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null) {
      return;
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      long bytes =
          chosen.stream()
              .filter(each -> each.condition().isEmpty())
              .mapToLong(each -> each.table().bytes())
              .sum();
      long needed =
          bytes / 100 * (compression.compresses() ? LEAST_COMPRESSED_IN_PERCENT : LEAST_IN_PERCENT);
      if (free < needed) {
        refusals.add(
            "%s has %s of free space, and the export will have at least some %s"
                .formatted(folder, Units.bytes(free), Units.bytes(needed)),
            "free disk space, use --compress zstd, or name another place with --out");
      }
    } catch (IOException unreadable) {
      refusals.warn(
          "the free space of " + there + " could not be read: " + unreadable.getMessage());
    }
  }

  private static String names(List<TableName> tables) {
    return Names.some(tables.stream().map(TableName::plain).toList());
  }
}
