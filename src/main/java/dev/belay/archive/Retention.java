package dev.belay.archive;

import dev.belay.core.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which backups of one series may go: those of one database that hold the same part of it. A backup
 * goes only when nothing speaks for it: it is older than the days to keep, it is not among the
 * newest that always stay, it is not pinned, nothing needs it, and it is not the best proven one. A
 * broken one goes only when that is asked for: what is left of it may be all that is left.
 *
 * @param keepDays younger ones stay
 * @param keepMin so many of the newest whole ones stay whatever their age
 * @param broken whether broken ones may go
 */
public record Retention(int keepDays, int keepMin, boolean broken) {
  /**
   * What becomes of one.
   *
   * @param reasons why it stays, or, when it goes, why it may
   */
  public record Verdict(StoredBackup backup, boolean goes, List<String> reasons) {
    public Verdict {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * Judges the backups of one series.
   *
   * @param backups of that series, whole and broken
   * @param needed by id, what needs the backup
   * @return in the given order
   */
  public List<Verdict> judge(
      List<StoredBackup> backups, Map<String, List<String>> needed, Instant now) {
    Map<String, List<String>> keep = new HashMap<>();
    List<StoredBackup> whole =
        backups.stream()
            .filter(backup -> backup.problem().isEmpty())
            .sorted(Comparator.comparing(StoredBackup::takenAt).reversed())
            .toList();
    whole.stream()
        .limit(keepMin)
        .forEach(backup -> reason(keep, backup, "one of the newest " + keepMin));
    whole.stream()
        .max(
            Comparator.comparing((StoredBackup backup) -> backup.state().level())
                .thenComparing(StoredBackup::takenAt))
        .ifPresent(best -> reason(keep, best, "the newest that is proven " + best.state().level()));
    for (StoredBackup backup : backups) {
      ofItself(backup, now).forEach(why -> reason(keep, backup, why));
      needed.getOrDefault(backup.id(), List.of()).forEach(why -> reason(keep, backup, why));
    }
    return backups.stream().map(backup -> verdict(backup, keep, now)).toList();
  }

  private List<String> ofItself(StoredBackup backup, Instant now) {
    List<String> reasons = new ArrayList<>();
    if (backup.isOfNewerForm()) {
      reasons.add("made by a later belay, which alone can judge it");
    } else if (backup.problem().isPresent() && !broken) {
      reasons.add("broken: look at it, and add --broken to delete it");
    }
    if (backup.isStateKnown() && backup.state().pinned()) {
      reasons.add("pinned");
    } else if (backup.foundManifest().isPresent() && !backup.isStateKnown()) {
      reasons.add("perhaps pinned: belay validate-backup " + backup.id());
    }
    if (isYoung(backup, now)) {
      reasons.add("younger than " + Units.count(keepDays, "day", "days"));
    }
    return reasons;
  }

  private Verdict verdict(StoredBackup backup, Map<String, List<String>> keep, Instant now) {
    List<String> reasons = keep.getOrDefault(backup.id(), List.of());
    return reasons.isEmpty()
        ? new Verdict(backup, true, List.of(age(backup, now) + " old"))
        : new Verdict(backup, false, reasons);
  }

  /** A clock that was set back makes a backup of the future; it is young. */
  private boolean isYoung(StoredBackup backup, Instant now) {
    return backup.takenAt().isAfter(now.minus(Duration.ofDays(keepDays)));
  }

  private static String age(StoredBackup backup, Instant now) {
    return Units.duration(Duration.between(backup.takenAt(), now));
  }

  private static void reason(Map<String, List<String>> keep, StoredBackup backup, String why) {
    keep.computeIfAbsent(backup.id(), id -> new ArrayList<>()).add(why);
  }
}
