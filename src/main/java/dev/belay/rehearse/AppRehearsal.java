package dev.belay.rehearse;

import dev.belay.core.Units;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rehearsal of one app on a restored backup found out.
 *
 * @param app its name
 * @param mode {@code pending}: what the backup lacks was applied and taken back; {@code applied}:
 *     the last applied migration was taken back and applied again; {@code nothing}: it has none
 * @param older how many applied versions are before those, of which no undo was tried
 */
public record AppRehearsal(
    String app, String mode, List<RehearsedMigration> migrations, int older) {
  public AppRehearsal {
    migrations = List.copyOf(migrations);
  }

  /** Whether every way back that was tried is proven. */
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

  /** What of it is proven, in words. */
  public List<String> proofs() {
    return migrations.stream()
        .filter(each -> each.verdict() == Verdict.PROVEN)
        .map(each -> "the undo of %s of app %s".formatted(each.migration(), app))
        .toList();
  }

  /** What was left out, in words; empty: nothing. */
  public Optional<String> untried() {
    if (migrations.isEmpty()) {
      return Optional.of("any undo of app %s, which has no migration".formatted(app));
    }
    return older == 0
        ? Optional.empty()
        : Optional.of(
            "the undo of %s of app %s"
                .formatted(Units.count(older, "older migration", "older migrations"), app));
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
