package dev.belay.conflicts;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.belay.core.Failure;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The ways in which a conflict can be resolved in the history, each by its name. */
public enum Resolution {
  REMOVE_SECOND_DELETE(
      "remove-second-delete",
      true,
      "removes the second of two rows that delete the same applied row",
      "an earlier row has deleted it already, so nothing is forgotten"),
  ALIGN_CHECKSUMS(
      "align-checksums",
      true,
      "records the checksum of the script as it is here",
      "the recorded checksum is proven to be that of the same text, computed another way; or you named"
          + " the migration with --accept-checksum"),
  ALIGN_DESCRIPTIONS(
      "align-descriptions",
      true,
      "records the description that the script has here",
      "the checksum is that of the script, so only its name was changed"),
  ALIGN_TYPES(
      "align-types",
      true,
      "records the type that the script has here",
      "the checksum is that of the script, so it is the same migration"),
  RENAME_VERSION_FORM(
      "rename-version-form",
      true,
      "records the version in the form that the script has here",
      "both forms are the same version to Flyway"),
  REMOVE_FAILED_ROWS(
      "remove-failed-rows",
      false,
      "removes the row of a migration that failed; the next start applies it again",
      "you named it with --accept, since only you can know that nothing it left is in the way"),
  REMOVE_DELETE_ROWS(
      "remove-delete-rows",
      false,
      "removes the row that marks a migration deleted, so that it counts as applied again",
      "the script has the checksum that was applied, and you named it with --accept, since only you can"
          + " know that what it made is still there"),
  REMOVE_DUPLICATE_ROWS(
      "remove-duplicate-rows",
      false,
      "keeps the first of several equal rows of one version",
      "type, script, description and checksum are equal, and you named it with --accept"),
  CONVERT_UNDO_ROWS(
      "convert-undo-rows",
      false,
      "makes a row that the paid edition wrote for an undo one that every Flyway reads: DELETE",
      "it takes back an applied row, and you named it with --accept; to the paid edition it means the"
          + " same: the version is pending again");

  private final String word;
  private final boolean automatic;
  private final String does;
  private final String precondition;

  Resolution(String word, boolean automatic, String does, String precondition) {
    this.word = word;
    this.automatic = automatic;
    this.does = does;
    this.precondition = precondition;
  }

  /** Its name for ever. */
  @JsonValue
  public String word() {
    return word;
  }

  /**
   * Whether it is done without being named; the others need {@code --only} and {@code --accept}.
   */
  public boolean isAutomatic() {
    return automatic;
  }

  /** What it does, in a sentence without its subject. */
  public String does() {
    return does;
  }

  /** What must be so, which is checked again in the transaction that resolves. */
  public String precondition() {
    return precondition;
  }

  /**
   * The resolution of that name.
   *
   * @throws Failure USAGE when there is none
   */
  public static Resolution of(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word.equals(word.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no resolution '" + word + "'",
                    "use one of: "
                        + Arrays.stream(values())
                            .map(Resolution::word)
                            .collect(Collectors.joining(", "))));
  }
}
