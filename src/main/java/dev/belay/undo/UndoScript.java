package dev.belay.undo;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The script that takes a migration back.
 *
 * @param name its file name, such as {@code U4__remove_x.sql}; a generated one is called after the
 *     migration
 * @param text as it was written, with its placeholders
 * @param sha256 of the text in UTF-8, in hexadecimal digits
 * @param file where it is on disk; empty for one of the ledger or a generated one
 * @param transactional whether its own settings let it run in a transaction; its statements may
 *     still forbid it
 */
public record UndoScript(
    Origin origin,
    String name,
    String text,
    String sha256,
    Optional<Path> file,
    boolean transactional) {
  /** Where it comes from. */
  public enum Origin {
    /** Stored in the target when the migration was applied, or by store-undo. */
    LEDGER,
    /** A file of the undo locations. */
    FILE,
    /** Made from what the migration did in a replay. */
    GENERATED
  }
}
