package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;

/** Turns errors of the driver into failures that say what to do next. */
final class SqlFailures {
  private SqlFailures() {}

  /** A session could not begin. UNAVAILABLE, with the one thing that most likely helps. */
  static Failure connecting(Target target, SQLException error) {
    return Failure.unavailable(
            "cannot connect to " + target + ": " + reason(target, error),
            connectingHint(target, error))
        .causedBy(error);
  }

  private static String reason(Target target, SQLException error) {
    if (serverSpoke(error)) {
      return text(error);
    }
    if (asksForPassword(target, error)) {
      return "the server asks user \""
          + target.user()
          + "\" for a password, and none is configured";
    }
    Throwable root = root(error);
    if (root instanceof UnknownHostException) {
      return "the host name is not known";
    }
    if (root instanceof SocketTimeoutException) {
      return "no answer within " + target.connectTimeoutSeconds() + " s";
    }
    if (aboutTls(target, root)) {
      return "TLS (sslmode "
          + target.tls().mode()
          + "): "
          + sentence(String.valueOf(root.getMessage()));
    }
    if (root instanceof ConnectException && !target.isUnixSocket()) {
      return sentence(String.valueOf(root.getMessage()).replace(" (Connection refused)", ""));
    }
    if (root instanceof IOException) {
      String where =
          target.isUnixSocket()
              ? " (socket " + target.host() + "/.s.PGSQL." + target.port() + ")"
              : "";
      // The driver knows no words for a connection that ends while it is being made.
      String message = root.getMessage() == null ? "the connection ended" : root.getMessage();
      return sentence(message) + where;
    }
    return text(error);
  }

  private static String connectingHint(Target target, SQLException error) {
    if (asksForPassword(target, error)) {
      return "set PGPASSWORD, or add a line to ~/.pgpass";
    }
    if (SqlState.INVALID_PASSWORD.isOf(error)) {
      return "check the user, and PGPASSWORD or ~/.pgpass";
    }
    if (SqlState.INVALID_AUTHORIZATION.isOf(error)) {
      return "check the user, the sslmode and the server's pg_hba.conf; what is in force shows: belay config";
    }
    if (SqlState.INVALID_CATALOG_NAME.isOf(error)) {
      return "list the databases with: psql --list, and name one in the URL or in PGDATABASE";
    }
    if (SqlState.TOO_MANY_CONNECTIONS.isOf(error)) {
      return "end sessions that are not needed, or lower --jobs";
    }
    if (SqlState.INSUFFICIENT_PRIVILEGE.isOf(error)) {
      return "grant CONNECT on the database, or use another user";
    }
    if (SqlState.CANNOT_CONNECT_NOW.isOf(error)) {
      return "the server is starting or stopping: wait, then run it again";
    }
    if (aboutTls(target, root(error))) {
      return "check sslmode and sslrootcert with: belay config";
    }
    return "see whether the server is up, and check the address with: belay config";
  }

  private static boolean serverSpoke(SQLException error) {
    return error instanceof PSQLException server && server.getServerErrorMessage() != null;
  }

  /** The driver itself stops when the server asks for a password that it does not have. */
  private static boolean asksForPassword(Target target, SQLException error) {
    return target.password().isEmpty()
        && !serverSpoke(error)
        && root(error) == error
        && String.valueOf(error.getMessage()).contains("password");
  }

  /** The driver says "no" itself to a server without TLS, or with another's certificate. */
  private static boolean aboutTls(Target target, Throwable root) {
    boolean required =
        target.tls().mode().equals("require") || target.tls().mode().startsWith("verify-");
    return root instanceof SSLException
        || root instanceof GeneralSecurityException
        || (required && (root instanceof FileNotFoundException || root instanceof SQLException));
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    return root;
  }

  /** A commit failed. When the connection was lost meanwhile, nobody knows whether it was done. */
  static Failure committing(Target target, SQLException error) {
    if (!SqlState.lostConnection(error)) {
      return running(target, error);
    }
    return Failure.incomplete(
            "the connection to " + target + " was lost during a commit: " + text(error),
            "it is not known whether the last transaction was committed",
            "see what is there with: belay verify-state")
        .causedBy(error);
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
    return sentence(text);
  }

  /** In our form: one line, lower case, no full stop. */
  private static String sentence(String words) {
    String text = words.strip().replaceAll("\\s*\\R\\s*", " ");
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
