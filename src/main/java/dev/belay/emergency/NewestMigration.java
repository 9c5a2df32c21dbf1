package dev.belay.emergency;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.postgres.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The migration that was applied last, of whichever app, and still counts. */
record NewestMigration(AppState state, Migration migration, AppliedMigration row) {
  /**
   * Looks in Flyway's tables.
   *
   * @param unreadable is given why one of them cannot be read
   * @return null: nothing is applied, or nobody can tell
   */
  static @Nullable NewestMigration find(
      Database live, List<AppSettings> apps, Consumer<Failure> unreadable) {
    List<NewestMigration> all = new ArrayList<>();
    for (AppSettings app : apps) {
      try {
        of(AppState.read(live, app)).ifPresent(all::add);
      } catch (Failure failure) {
        unreadable.accept(failure);
      }
    }
    return all.stream()
        .max(
            Comparator.comparing(
                each -> Optional.ofNullable(each.row().installedOn()).orElse(Instant.EPOCH)))
        .orElse(null);
  }

  private static Optional<NewestMigration> of(AppState state) {
    return state.migrations().stream()
        .filter(each -> each.state().isInForce() && !each.isRecord())
        .filter(each -> each.version() != null && !each.type().endsWith("BASELINE"))
        .flatMap(
            each ->
                each.applied() == null
                    ? Stream.empty()
                    : Stream.of(new NewestMigration(state, each, each.applied())))
        .max(Comparator.comparingInt(each -> each.row().installedRank()));
  }

  /** As commands name it. */
  String label() {
    return MigrationNames.label(state.app(), migration);
  }

  String app() {
    return state.app().name();
  }
}
