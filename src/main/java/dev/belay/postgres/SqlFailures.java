package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.sql.SQLException;
import java.util.Locale;
import org.postgresql.util.PSQLException;

/** Turns errors of the driver into failures that say what to do next. */
final class SqlFailures {
  private SqlFailures() {}

  static Failure connecting(Target target, SQLException error) {
    String message = "cannot connect to " + target + ": " + text(error);
    String hint = "check the address with: belay config";
    if (SqlState.INVALID_PASSWORD.isOf(error) || SqlState.INVALID_AUTHORIZATION.isOf(error)) {
      message += " (user \"" + target.user() + "\")";
      hint = "check the user, and PGPASSWORD or ~/.pgpass";
    } else if (SqlState.INVALID_CATALOG_NAME.isOf(error)) {
      hint = "list the databases with: psql --list, and name one in the URL or in PGDATABASE";
    } else if (SqlState.TOO_MANY_CONNECTIONS.isOf(error)) {
      hint = "end sessions that are not needed, or lower --jobs";
    } else if (SqlState.INSUFFICIENT_PRIVILEGE.isOf(error)) {
      hint = "grant CONNECT on the database, or use another user";
    }
    return Failure.unavailable(message, hint).causedBy(error);
  }

  static Failure running(Target target, SQLException error) {
    String message = text(error) + " (" + target + ")";
    if (SqlState.INSUFFICIENT_PRIVILEGE.isOf(error)) {
      return Failure.unavailable(message, "grant the privilege, or use another user")
          .causedBy(error);
    }
    if (SqlState.LOCK_NOT_AVAILABLE.isOf(error)) {
      return Failure.unavailable(message, "wait until the other session is done, or end it")
          .causedBy(error);
    }
    if (SqlState.lostConnection(error)) {
      return Failure.unavailable(
              "the connection to " + target + " was lost: " + text(error),
              "see whether the server is up with: belay verify-state")
          .causedBy(error);
    }
    if (SqlState.DISK_FULL.isOf(error)) {
      return Failure.failed(message, "free disk space on the server, then run it again")
          .causedBy(error);
    }
    return Failure.failed(message, "look at the server's log and at belay.log").causedBy(error);
  }

  /** The server's own words where it said something, in our form: lower case, no full stop. */
  static String text(SQLException error) {
    String text = String.valueOf(error.getMessage());
    if (error instanceof PSQLException server && server.getServerErrorMessage() != null) {
      text = String.valueOf(server.getServerErrorMessage().getMessage());
      String detail = server.getServerErrorMessage().getDetail();
      if (detail != null) {
        text += " (" + detail.strip() + ")";
      }
    }
    text = text.strip().replace('\n', ' ');
    if (text.startsWith("FATAL: ") || text.startsWith("ERROR: ")) {
      text = text.substring(7).strip();
    }
    if (text.endsWith(".")) {
      text = text.substring(0, text.length() - 1);
    }
    boolean sentence =
        text.length() > 1
            && Character.isUpperCase(text.charAt(0))
            && Character.isLowerCase(text.charAt(1));
    return sentence ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) : text;
  }
}
