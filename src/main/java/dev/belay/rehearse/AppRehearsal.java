package dev.belay.rehearse;

import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rehearsal of one app on a restored backup found out.
 *
 * @param app its name
 * @param mode {@code pending}: what the backup lacks was applied and taken back; {@code applied}:
 *     the last applied migration was taken back and applied again; {@code nothing}: it has none
 */
public record AppRehearsal(String app, String mode, List<RehearsedMigration> migrations) {
  public AppRehearsal {
    migrations = List.copyOf(migrations);
  }

  /** Whether every way back is proven. */
  public boolean proven() {
    return migrations.stream().allMatch(each -> each.verdict().isGood());
  }

  /** How long applying took in all, in milliseconds. */
  public long upMillis() {
    return migrations.stream().mapToLong(each -> each.up().map(Passage::millis).orElse(0L)).sum();
  }

  /** How long taking back took in all, in milliseconds. */
  public long undoMillis() {
    return migrations.stream().mapToLong(each -> each.undo().map(Passage::millis).orElse(0L)).sum();
  }

  /** For a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        TextTable.visible(
            switch (mode) {
              case "pending" ->
                  "App %s: what the backup lacks, applied and taken back".formatted(app);
              case "applied" ->
                  "App %s: the last migration, taken back and applied again".formatted(app);
              default -> "App %s: no migration is applied or pending".formatted(app);
            }));
    migrations.forEach(each -> lines.addAll(RehearseText.of(each)));
    return lines;
  }
}
