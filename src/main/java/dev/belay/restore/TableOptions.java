package dev.belay.restore;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TablePattern;
import dev.belay.diff.Policy;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How single tables are restored. */
public final class TableOptions {
  @Option(
      names = "--table",
      paramLabel = "<pattern>",
      description =
          "Restore only this table, schema.table with * and ?; repeatable. Rows are merged into the"
              + " live table, which stays in use.")
  private List<String> tables = List.of();

  @Option(
      names = "--policy",
      paramLabel = "<policy>",
      description =
          "With --table: exact (default), overwrite (rows written since stay) or add-missing"
              + " (only rows that are gone come back).")
  private @Nullable String policy;

  @Option(
      names = "--triggers",
      paramLabel = "<on|off>",
      description =
          "With --table: whether the application's triggers fire for merged rows (default: off).")
  private @Nullable String triggers;

  @Option(
      names = "--batch-size",
      paramLabel = "<rows>",
      description =
          "With --table: merge in transactions of so many rows (default: all in one transaction).")
  private @Nullable Integer batchSize;

  /** Whether tables are named; what is only for tables is wrong without. */
  boolean given() {
    if (!tables.isEmpty()) {
      return true;
    }
    refuse(policy, "--policy");
    refuse(triggers, "--triggers");
    refuse(batchSize, "--batch-size");
    return false;
  }

  private static void refuse(@Nullable Object value, String option) {
    if (value != null) {
      throw Failure.usage(option + " is for single tables", "name them with --table");
    }
  }

  TableRequest request(Settings settings, RestoreOptions options, boolean fromOtherDatabase) {
    return new TableRequest(
        tables.stream().map(TablePattern::of).toList(),
        policy == null ? Policy.EXACT : Policy.of(policy),
        triggers != null && on(triggers),
        batchSize == null ? OptionalInt.empty() : OptionalInt.of(batchSize),
        options.jobs(settings),
        options.stallTimeout(settings),
        fromOtherDatabase,
        options.verify());
  }

  private static boolean on(String word) {
    return switch (word) {
      case "on" -> true;
      case "off" -> false;
      default -> throw Failure.usage("--triggers is '" + word + "'", "use on or off");
    };
  }
}
