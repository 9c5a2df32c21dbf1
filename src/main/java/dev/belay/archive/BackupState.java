package dev.belay.archive;

import dev.belay.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * What is found out about a backup, or decided, after it was made. It has a file of its own, since
 * the manifest is never written again.
 *
 * @param pinned retention leaves it alone
 * @param proofs the newest of each level that was proven, lowest level first
 */
public record BackupState(boolean pinned, List<Proof> proofs) {
  static final String FILE = "proofs.jsonl";
  private static final int LONGEST = 1_000_000;

  public BackupState {
    proofs = List.copyOf(proofs);
  }

  /** The first line of the file: what the second line must be. */
  private record Seal(String sha256) {}

  /** That of a backup of which nothing was proven. */
  static BackupState unproven() {
    return new BackupState(false, List.of());
  }

  /** That of a backup whose file cannot be read: it may have been pinned, so it is. */
  static BackupState unknown() {
    return new BackupState(true, List.of());
  }

  /** The highest level that was proven. */
  public Level level() {
    return proofs.stream().map(Proof::level).max(Comparator.naturalOrder()).orElse(Level.LISTED);
  }

  /** When the highest level was last proven. */
  public Optional<Instant> provenAt() {
    return proof(level()).map(Proof::at);
  }

  /** The proof of exactly that level. */
  public Optional<Proof> proof(Level level) {
    return proofs.stream().filter(proof -> proof.level() == level).findFirst();
  }

  /** The newest proof that restored. */
  public Optional<Proof> restoreProof() {
    return proofs.stream()
        .filter(proof -> proof.restoreMillis().isPresent())
        .max(Comparator.comparing(Proof::at));
  }

  /** The same with one proof more. */
  BackupState with(Proof proof) {
    List<Proof> all =
        new ArrayList<>(proofs.stream().filter(known -> known.level() != proof.level()).toList());
    all.add(proof);
    all.sort(Comparator.comparing(Proof::level));
    return new BackupState(pinned, all);
  }

  /** The same without the proofs of that level and above, because its check has failed. */
  BackupState below(Level failed) {
    return new BackupState(
        pinned, proofs.stream().filter(proof -> !proof.level().reaches(failed)).toList());
  }

  /** The same, pinned or not. */
  BackupState pinned(boolean wanted) {
    return new BackupState(wanted, proofs);
  }

  /** Two lines: the SHA-256 of the second, and what is known as JSON. */
  String text() {
    String content = Json.MAPPER.writeValueAsString(this);
    return Json.MAPPER.writeValueAsString(new Seal(Sha256.of(content))) + "\n" + content + "\n";
  }

  /**
   * Reads the file of a backup.
   *
   * @throws IOException when it is missing, or not as it was written
   */
  static BackupState read(Path folder) throws IOException {
    String text =
        new String(DurableFiles.read(folder.resolve(FILE), LONGEST), StandardCharsets.UTF_8);
    String[] lines = text.split("\n", -1);
    try {
      // The first line is compared as a whole, so that no bit of it can change either.
      if (lines.length == 3
          && lines[2].isEmpty()
          && lines[0].equals(Json.MAPPER.writeValueAsString(new Seal(Sha256.of(lines[1]))))) {
        BackupState state = Json.MAPPER.readValue(lines[1], BackupState.class);
        Complete.check(state, FILE);
        return state;
      }
    } catch (JacksonException other) {
      throw new IOException(FILE + " is not of this form: " + other.getOriginalMessage(), other);
    }
    throw new IOException("the file " + FILE + " is damaged");
  }
}
