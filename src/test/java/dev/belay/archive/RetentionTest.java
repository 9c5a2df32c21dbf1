package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
  private static final Instant NOW = Backups.NOON;

  private final Backups backups;

  RetentionTest(@TempDir Path temporary) {
    backups = new Backups(temporary.resolve("backups"));
  }

  private StoredBackup aged(int days) {
    return backups.take(NOW.minus(Duration.ofDays(days)));
  }

  private static StoredBackup spoilt(StoredBackup backup) {
    try {
      Files.delete(backup.folder().resolve("dump/toc.dat"));
      return StoredBackup.read(backup.folder());
    } catch (IOException cannot) {
      throw new AssertionError(cannot);
    }
  }

  private static Set<String> gone(
      Retention retention, List<StoredBackup> all, Map<String, List<String>> needed) {
    return retention.judge(all, needed, NOW).stream()
        .filter(Retention.Verdict::goes)
        .map(verdict -> verdict.backup().id())
        .collect(Collectors.toSet());
  }

  private static List<String> why(Retention retention, StoredBackup one) {
    return retention.judge(List.of(one), Map.of(), NOW).get(0).reasons();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverThereIsTheseAlwaysStay(long seed) {
    Random random = new Random(seed);
    List<StoredBackup> all = new ArrayList<>();
    Map<String, List<String>> needed = new HashMap<>();
    for (int number = 0; number < 14; number++) {
      StoredBackup backup = backups.pinned(random.nextInt(6) == 0).take(time(random));
      if (random.nextInt(3) > 0) {
        Level level = List.of(Level.values()).get(random.nextInt(Level.values().length));
        backup = level == Level.LISTED ? backup : backup.proven(Proof.of(level, NOW));
      }
      if (random.nextInt(5) == 0) {
        backup = spoilt(backup);
      }
      if (random.nextInt(6) == 0) {
        needed.put(backup.id(), List.of("a migration"));
      }
      all.add(backup);
    }
    Retention retention =
        new Retention(random.nextInt(40), 1 + random.nextInt(4), random.nextBoolean());

    Set<String> gone = gone(retention, all, needed);

    List<StoredBackup> whole =
        all.stream()
            .filter(backup -> backup.problem().isEmpty())
            .sorted(Comparator.comparing(StoredBackup::takenAt).reversed())
            .toList();
    whole.stream()
        .limit(retention.keepMin())
        .forEach(kept -> assertThat(gone).doesNotContain(kept.id()));
    Level highest =
        whole.stream()
            .map(each -> each.state().level())
            .max(Comparator.naturalOrder())
            .orElse(Level.LISTED);
    whole.stream()
        .filter(each -> each.state().level() == highest)
        .findFirst()
        .ifPresent(best -> assertThat(gone).doesNotContain(best.id()));
    for (StoredBackup each : all) {
      boolean young = each.takenAt().isAfter(NOW.minus(Duration.ofDays(retention.keepDays())));
      boolean broken = each.problem().isPresent() && !retention.broken();
      if (young || broken || each.state().pinned() || needed.containsKey(each.id())) {
        assertThat(gone).doesNotContain(each.id());
      }
    }
    assertThat(retention.judge(all, needed, NOW)).allMatch(verdict -> !verdict.reasons().isEmpty());
  }

  /** Up to ten days in the future, as after a clock that was set back. */
  private static Instant time(Random random) {
    return NOW.minus(Duration.ofHours(random.nextInt(2000) - 240));
  }

  @Test
  void theOldOnesGoBeyondTheNewestAndTheBest() {
    StoredBackup best = aged(90).proven(Proof.of(Level.RESTORED, NOW));
    StoredBackup older = aged(80).proven(Proof.of(Level.READABLE, NOW));
    StoredBackup newer = aged(70).proven(Proof.of(Level.READABLE, NOW));

    assertThat(gone(new Retention(30, 1, false), List.of(best, older, newer), Map.of()))
        .containsExactly(older.id());
  }

  @Test
  void theVeryAgeOfTheDaysToKeepGoes() {
    List<StoredBackup> all = List.of(aged(1), aged(30), aged(29));
    assertThat(gone(new Retention(30, 1, false), all, Map.of())).containsExactly(all.get(1).id());
  }

  @Test
  void ofBrokenOnesNoneGoesUnlessItIsAskedFor() {
    List<StoredBackup> all = List.of(spoilt(aged(90)), spoilt(aged(80)));
    assertThat(gone(new Retention(30, 3, false), all, Map.of())).isEmpty();
    assertThat(gone(new Retention(30, 3, true), all, Map.of())).hasSize(2);
    assertThat(why(new Retention(30, 3, false), all.get(0)))
        .containsExactly("broken: look at it, and add --broken to delete it");
    assertThat(gone(new Retention(30, 3, true), List.of(spoilt(aged(3))), Map.of())).isEmpty();
  }

  @Test
  void oneOfALaterFormNeverGoes() throws IOException {
    StoredBackup backup = aged(900);
    String text = "{\"manifest\":2}";
    Files.writeString(backup.folder().resolve(ManifestFile.NAME), text);
    Files.writeString(
        backup.folder().resolve(ManifestFile.CHECKSUM), Sha256.of(text) + "  manifest.json\n");
    Files.setLastModifiedTime(backup.folder(), FileTime.from(NOW.minus(Duration.ofDays(900))));

    StoredBackup later = StoredBackup.read(backup.folder());

    assertThat(gone(new Retention(0, 1, true), List.of(later), Map.of())).isEmpty();
    assertThat(why(new Retention(0, 1, true), later))
        .containsExactly("made by a later belay, which alone can judge it");
  }

  @Test
  void oneThatMayHaveBeenPinnedNeverGoes() throws IOException {
    StoredBackup backup = backups.pinned(true).take(NOW.minus(Duration.ofDays(90)));
    Files.writeString(backup.folder().resolve(BackupState.FILE), "?");
    StoredBackup unknown = StoredBackup.read(backup.folder());

    assertThat(why(new Retention(0, 1, true), unknown))
        .containsExactly("perhaps pinned: belay validate-backup " + backup.id());
  }

  @Test
  void everyReasonIsSaid() {
    StoredBackup backup = backups.pinned(true).take(NOW.minusSeconds(60));
    assertThat(
            new Retention(30, 3, false)
                .judge(List.of(backup), Map.of(backup.id(), List.of("the way back from V18")), NOW)
                .get(0)
                .reasons())
        .containsExactly(
            "one of the newest 3",
            "the newest that is proven listed",
            "pinned",
            "younger than 30 days",
            "the way back from V18");
  }

  @Test
  void ofOneThatGoesTheAgeIsSaid() {
    aged(1);
    List<StoredBackup> all = List.of(aged(1), aged(45));
    assertThat(new Retention(30, 1, false).judge(all, Map.of(), NOW).get(1).reasons())
        .containsExactly("45 d 0 h old");
  }
}
