package dev.belay.rehearse;

import dev.belay.config.ScratchSettings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.scratch.Room;
import dev.belay.scratch.ScratchDatabase;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Makes a second copy of the first one, which stays as it is, where the disk has room for it. */
final class Twinning {
  private final CopyGround ground;

  Twinning(CopyGround ground) {
    this.ground = ground;
  }

  /**
   * Puts another one beside a copy, where there is room. When that fails, neither is there.
   *
   * @param uncut why what reaches beyond it is still in it
   * @param told the origin of a copy of so many bytes
   */
  DataCopy pair(ScratchDatabase first, Optional<Failure> uncut, LongFunction<Origin> told) {
    ScratchDatabase twin = null;
    try {
      long bytes;
      long largest;
      try (Database session = ground.session(first)) {
        bytes = CopyQueries.bytes(session);
        largest = CopyQueries.largestTable(session);
      }
      Optional<Failure> against = uncut.or(() -> cramped(bytes, largest));
      if (against.isEmpty()) {
        twin = twin(first, bytes, largest);
      }
      return new DataCopy(
          ground.replay(),
          ground.live(),
          told.apply(bytes),
          ground.room(),
          largest,
          ground.notes(),
          against,
          twin == null ? null : first,
          twin == null ? first : twin);
    } catch (Throwable broken) {
      try {
        if (twin != null) {
          twin.close();
        }
        first.close();
      } catch (Failure stays) {
        broken.addSuppressed(stays);
      }
      throw broken;
    }
  }

  /** Why a migration could fill the disk of the server; empty: it cannot, or nobody knows. */
  private Optional<Failure> cramped(long bytes, long largest) {
    OptionalLong left;
    try (Database maintenance = ground.maintenance()) {
      left = ground.room().left(maintenance, bytes);
    }
    long reserve = Room.reserve(largest);
    return left.isEmpty() || left.getAsLong() >= reserve
        ? Optional.empty()
        : Optional.of(
            Failure.unavailable(
                "the server has %s of disk space left beside the copy, and a migration that writes its largest table anew may need %s"
                    .formatted(Units.bytes(left.getAsLong()), Units.bytes(reserve)),
                "free disk space, or try it elsewhere: " + ScratchSettings.ON_ANOTHER_SERVER));
  }

  private @Nullable ScratchDatabase twin(ScratchDatabase first, long bytes, long largest) {
    try (Database maintenance = ground.maintenance()) {
      OptionalLong left = ground.room().left(maintenance, bytes);
      Optional<String> against = Room.against(left, bytes, largest);
      if (against.isPresent()) {
        ground
            .notes()
            .add(
                "no second copy was made (%s): what is lost is counted in whole tables, and nothing is tried again after an undo that fails"
                    .formatted(against.get()));
        return null;
      }
    }
    return DataCopy.twin(ground.replay(), first, ground.live());
  }
}
