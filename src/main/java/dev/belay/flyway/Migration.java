package dev.belay.flyway;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A migration: what the history says of it, what is on disk of it, and the state that follows. At
 * least one of {@code applied} and {@code script} is there.
 *
 * @param applied its row in the history; null when it was never applied
 * @param script its script on disk; null when there is none
 * @param undo its undo script on disk; null when there is none
 * @param state what it is
 * @param flywayState what Flyway says; differs where a hold was recorded or the migration is code
 * @param closedBy the later row that says it was undone, held or deleted; null when there is none
 * @param atOrBelowBaseline whether Flyway compares it no more, because a baseline covers it
 */
public record Migration(
    @Nullable AppliedMigration applied,
    @Nullable MigrationScript script,
    @Nullable MigrationScript undo,
    MigrationState state,
    MigrationState flywayState,
    @Nullable AppliedMigration closedBy,
    boolean atOrBelowBaseline) {
  private static final int LONGEST_DESCRIPTION = 200;
  private static final String NO_DESCRIPTION = "<< no description >>";

  /** What of an applied migration is not as it is on disk. */
  public enum Difference {
    TYPE,
    CHECKSUM,
    DESCRIPTION
  }

  /** Its version; null for a repeatable migration. */
  public @Nullable MigrationVersion version() {
    return applied != null ? applied.number() : script != null ? script.version() : null;
  }

  /** Its description, as it was applied. */
  public String description() {
    return applied != null ? applied.description() : script != null ? script.description() : "";
  }

  /** Flyway's word for what it is made of. */
  public String type() {
    return applied != null ? applied.type() : script != null ? script.type() : "";
  }

  /** What it is called: its file name without folders and ending, or else its description. */
  public String name() {
    String path = applied != null ? applied.script() : script != null ? script.script() : "";
    String file = path.substring(path.lastIndexOf('/') + 1);
    if (file.isEmpty() || file.startsWith("<<")) {
      return version() == null ? description() : version() + " " + description();
    }
    int dot = file.lastIndexOf('.');
    boolean isClass = isInCode() || type().equals("JDBC");
    return dot > 0 && !isClass ? file.substring(0, dot) : file;
  }

  /** Whether it only records something about another one. */
  public boolean isRecord() {
    return applied != null && applied.isRecord();
  }

  /** Whether it is written in code, so that it has no script. */
  public boolean isInCode() {
    return applied != null && applied.isInCode();
  }

  /** In what the applied migration differs from its script, as far as Flyway compares them. */
  public List<Difference> differences() {
    List<Difference> differences = new ArrayList<>();
    if (applied == null || script == null || isRecord() || isNotCompared()) {
      return differences;
    }
    if (!applied.resolvedType().equals(script.type())) {
      differences.add(Difference.TYPE);
    }
    boolean comparesSum =
        applied.checksum() != null
            && script.checksum() != null
            && (script.version() != null || state == MigrationState.SUCCESS);
    if (comparesSum && !script.hasChecksum(applied.checksum())) {
      differences.add(Difference.CHECKSUM);
    }
    if (!sameDescription(applied.description(), script.description())) {
      differences.add(Difference.DESCRIPTION);
    }
    return differences;
  }

  private boolean isNotCompared() {
    return flywayState.isTakenBack()
        || flywayState.isFailed()
        || flywayState == MigrationState.ABOVE_TARGET
        || flywayState == MigrationState.OUTDATED
        || atOrBelowBaseline;
  }

  private static boolean sameDescription(String applied, String onDisk) {
    if (applied.equals(NO_DESCRIPTION)) {
      return onDisk.isEmpty();
    }
    boolean cut = onDisk.length() > LONGEST_DESCRIPTION;
    return applied.equals(cut ? onDisk.substring(0, LONGEST_DESCRIPTION - 3) + "..." : onDisk);
  }
}
