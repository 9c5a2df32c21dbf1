package dev.belay.conflicts;

import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the operator wants to be resolved.
 *
 * @param only these resolutions; empty: all that are automatic
 * @param checksums migrations whose script here is accepted as what was applied
 * @param accepted migrations for which a resolution that is not automatic may be used
 */
public record Chosen(Set<Resolution> only, List<String> checksums, List<String> accepted) {
  public Chosen {
    only = only.isEmpty() ? EnumSet.noneOf(Resolution.class) : EnumSet.copyOf(only);
    checksums = List.copyOf(checksums);
    accepted = List.copyOf(accepted);
  }

  /** Whether this resolution may be used at all. */
  boolean has(Resolution resolution) {
    return only.isEmpty() ? resolution.isAutomatic() : only.contains(resolution);
  }

  /** Whether a migration is named at all. */
  boolean namesMigrations() {
    return !checksums.isEmpty() || !accepted.isEmpty();
  }

  /**
   * Refuses what does not fit together, before anything is looked at.
   *
   * @throws Failure USAGE
   */
  void check() {
    List<String> onRequest =
        only.stream().filter(each -> !each.isAutomatic()).map(Resolution::word).toList();
    if (!onRequest.isEmpty() && accepted.isEmpty()) {
      throw Failure.usage(
          "%s is done only for migrations that you name".formatted(String.join(", ", onRequest)),
          "look at what is there, then name each: belay resolve-conflicts <app> --only %s --accept <migration>"
              .formatted(onRequest.get(0)));
    }
    if (onRequest.isEmpty() && !accepted.isEmpty()) {
      throw Failure.usage(
          "--accept says for which migrations, and not what is to be done",
          "name the resolution too: --only <resolution>; they are listed by: belay resolve-conflicts --list-resolutions");
    }
    if (!checksums.isEmpty() && !has(Resolution.ALIGN_CHECKSUMS)) {
      throw Failure.usage(
          "--accept-checksum is of no use without align-checksums",
          "add --only " + Resolution.ALIGN_CHECKSUMS.word());
    }
  }

  /** The labels of the migrations that are accepted. */
  List<String> acceptedIn(AppState state) {
    return labels(state, accepted);
  }

  /** The labels of the migrations whose scripts are accepted. */
  List<String> checksumsIn(AppState state) {
    return labels(state, checksums);
  }

  private static List<String> labels(AppState state, List<String> names) {
    List<String> labels = new ArrayList<>();
    for (String name : names) {
      Migration found = MigrationNames.find(state, name);
      labels.add(MigrationNames.label(state.app(), found));
    }
    return labels;
  }
}
