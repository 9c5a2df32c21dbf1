package dev.belay.ledger;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The schema {@code belay} of the target: whether it is there, and making it. */
public final class Ledger {
  /** The name of its schema. */
  public static final String SCHEMA = "belay";

  private static final int FORM = 1;
  private static final String DEFINITION = "ledger.sql";

  private Ledger() {}

  /**
   * Whether there is one.
   *
   * @throws Failure REFUSED when the schema is there and is not a ledger that this program can read
   */
  public static boolean present(Database session) {
    if (!LedgerQueries.present(session)) {
      return false;
    }
    check(session);
    return true;
  }

  /**
   * Whether this role may read that table of it.
   *
   * @throws Failure REFUSED when the ledger is of a form that this program does not know
   */
  public static boolean readable(Database session, String table) {
    return LedgerAccess.whyUnreadable(session, table).isEmpty();
  }

  /**
   * Makes it unless it is there; within a transaction it comes and goes with that.
   *
   * @throws Failure REFUSED as {@link #present}; UNAVAILABLE when this role may not make schemas
   */
  public static void ensure(Database session) {
    if (present(session)) {
      return;
    }
    try {
      if (session.isInTransaction()) {
        make(session);
      } else {
        session.inTransaction(
            () -> {
              make(session);
              return "";
            });
      }
    } catch (Failure failure) {
      if (SqlState.INSUFFICIENT_PRIVILEGE.isOf(failure)) {
        throw Failure.unavailable(
                "the ledger cannot be made: " + failure.message(),
                ShellWords.psqlOfOther(
                        "grant create on database %s to %s"
                            .formatted(database(session), role(session)))
                    + ", as the owner of the database")
            .causedBy(failure);
      }
      throw failure;
    }
  }

  private static void make(Database session) {
    LedgerQueries.alone(session);
    if (!LedgerQueries.present(session)) {
      LedgerQueries.make(session, definition());
    }
    check(session);
  }

  private static void check(Database session) {
    Optional<Integer> form;
    try {
      form = LedgerQueries.form(session);
    } catch (Failure failure) {
      if (SqlState.INSUFFICIENT_PRIVILEGE.isOf(failure)) {
        throw Failure.unavailable(
                "the ledger, schema belay, may not be read by this role: " + failure.message(),
                "as its owner: "
                    + ShellWords.psqlOfOther("grant usage on schema belay to " + role(session)))
            .causedBy(failure);
      }
      throw failure;
    }
    if (form.isEmpty()) {
      throw Failure.refused(
          "there is a schema belay that is not the ledger of this program",
          "rename it: alter schema belay rename to …");
    }
    if (form.get() != FORM) {
      throw Failure.refused(
          "the ledger has form %d, and this program knows form %d".formatted(form.get(), FORM),
          "use the belay that made it");
    }
  }

  private static String definition() {
    try (InputStream stream = Ledger.class.getResourceAsStream(DEFINITION)) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + DEFINITION);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Identifier database(Database session) {
    return new Identifier(session.target().database());
  }

  private static Identifier role(Database session) {
    return new Identifier(session.target().user());
  }
}
