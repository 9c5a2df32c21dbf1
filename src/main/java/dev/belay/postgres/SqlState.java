package dev.belay.postgres;

import java.sql.SQLException;
import java.util.Optional;

/** The SQLSTATE codes that this program tells apart (PostgreSQL documentation, appendix A). */
public enum SqlState {
  INVALID_PASSWORD("28P01"),
  INVALID_AUTHORIZATION("28000"),
  INVALID_CATALOG_NAME("3D000"),
  DUPLICATE_DATABASE("42P04"),
  INSUFFICIENT_PRIVILEGE("42501"),
  UNDEFINED_TABLE("42P01"),
  UNDEFINED_FUNCTION("42883"),
  TOO_MANY_CONNECTIONS("53300"),
  DISK_FULL("53100"),
  OBJECT_IN_USE("55006"),
  FOREIGN_KEY_VIOLATION("23503"),
  UNIQUE_VIOLATION("23505"),
  EXCLUSION_VIOLATION("23P01"),
  LOCK_NOT_AVAILABLE("55P03"),
  QUERY_CANCELED("57014"),
  ADMIN_SHUTDOWN("57P01"),
  CRASH_SHUTDOWN("57P02"),
  CANNOT_CONNECT_NOW("57P03"),
  READ_ONLY_TRANSACTION("25006"),
  SERIALIZATION_FAILURE("40001"),
  DEADLOCK_DETECTED("40P01"),
  DATA_CORRUPTED("XX001"),
  INDEX_CORRUPTED("XX002");

  private final String code;

  SqlState(String code) {
    this.code = code;
  }

  /** The five characters. */
  public String code() {
    return code;
  }

  /** Whether {@code thrown}, or a cause of it, is an error of the server with this state. */
  public boolean isOf(Throwable thrown) {
    return of(thrown).map(code::equals).orElse(false);
  }

  /** The state of the first SQL error among {@code thrown} and its causes. */
  public static Optional<String> of(Throwable thrown) {
    Throwable current = thrown;
    for (int depth = 0; current != null && depth < 20; depth++) {
      if (current instanceof SQLException sql && sql.getSQLState() != null) {
        return Optional.of(sql.getSQLState());
      }
      current = current.getCause();
    }
    return Optional.empty();
  }

  /** Whether the connection is gone: class 08, or the server ended it. */
  public static boolean lostConnection(Throwable thrown) {
    return of(thrown).map(state -> state.startsWith("08") || state.startsWith("57P")).orElse(false);
  }
}
