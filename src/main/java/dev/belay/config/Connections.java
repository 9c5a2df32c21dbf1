package dev.belay.config;

import dev.belay.core.Failure;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes one target of what the sources give, with libpq's defaults for the rest. */
final class Connections {
  private static final int LONGEST_WAIT_SECONDS = 3600;

  private final Surroundings surroundings;
  private final Places places;
  private final List<Path> socketFolders;

  /**
   * @param socketFolders where a server of this machine may have its socket, the likelier first
   */
  Connections(Surroundings surroundings, Places places, List<Path> socketFolders) {
    this.surroundings = surroundings;
    this.places = places;
    this.socketFolders = socketFolders;
  }

  /**
   * What was resolved.
   *
   * @param target null when no source names a database or a server
   * @param settings every part with its source, the secret masked
   */
  record Resolved(@Nullable Target target, List<Setting> settings) {}

  /**
   * Resolves the connection.
   *
   * @param parts all sources in one
   * @param nameConnection whether any of them speaks of a server
   * @throws Failure USAGE when the parts make no connection
   */
  Resolved resolve(Parts parts, boolean nameConnection) {
    Addresses.check(parts, "the configuration");
    Given user = part(parts, ConnectionPart.USER, surroundings.osUser());
    Given port = part(parts, ConnectionPart.PORT, "5432");
    boolean reached = parts.has(ConnectionPart.DATABASE) || nameConnection;
    Given database =
        reached ? part(parts, ConnectionPart.DATABASE, user.text()) : Given.of("", "default");
    if (reached) {
      Keywords.refuseVariables(surroundings.environment());
    }
    Given host = part(parts, ConnectionPart.HOST, defaultHost(port.text()));
    boolean socket = host.text().startsWith("/");
    int timeout = timeout(part(parts, ConnectionPart.CONNECT_TIMEOUT, "10"));
    Path file = passwordFile(parts);
    Given password = password(parts, file, host, port, database, user);
    TlsRules.Settled tls = new TlsRules(places).settle(parts, socket || !reached);
    List<Setting> settings = new ArrayList<>(tls.settings());
    settings.add(listed(ConnectionPart.HOST, host));
    settings.add(listed(ConnectionPart.PORT, port));
    settings.add(listed(ConnectionPart.DATABASE, database));
    settings.add(listed(ConnectionPart.USER, user));
    settings.add(
        new Setting("password", password.text().isEmpty() ? "" : Masking.MASK, password.source()));
    settings.add(
        listed(
            ConnectionPart.PASSWORD_FILE,
            Given.of(places.show(file), source(parts, ConnectionPart.PASSWORD_FILE))));
    settings.add(listed(ConnectionPart.SERVICE, part(parts, ConnectionPart.SERVICE, "")));
    settings.add(
        new Setting(
            "connectTimeout", timeout + "s", source(parts, ConnectionPart.CONNECT_TIMEOUT)));
    Given url = parts.url() == null ? Given.of("", "default") : parts.url();
    settings.add(new Setting("url", url.text(), url.source()));
    Target target =
        reached
            ? new Target(
                host.text(),
                Integer.parseInt(port.text()),
                database.text(),
                checkedUser(user),
                password.text().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Secret(password.text())),
                tls.tls(),
                timeout)
            : null;
    return new Resolved(target, settings);
  }

  private static String checkedUser(Given user) {
    if (user.text().isBlank() || (user.source().equals("default") && user.text().equals("?"))) {
      throw Failure.usage(
          "no user is configured, and the system does not tell who runs belay",
          "name one with PGUSER or in the URL");
    }
    return user.text();
  }

  private String defaultHost(String port) {
    for (Path folder : socketFolders) {
      if (Files.exists(folder.resolve(".s.PGSQL." + port))) {
        return folder.toString();
      }
    }
    return "localhost";
  }

  private static int timeout(Given given) {
    try {
      int seconds = Integer.parseInt(given.text().endsWith("s") ? cut(given.text()) : given.text());
      if (seconds <= LONGEST_WAIT_SECONDS) {
        return Math.max(0, seconds);
      }
    } catch (NumberFormatException wrong) {
      // The failure below says it.
    }
    throw Failure.usage(
        given.source()
            + ": the connect timeout is '"
            + given.text()
            + "', not a number of seconds up to "
            + LONGEST_WAIT_SECONDS,
        "write for example connectTimeout: 10");
  }

  private static String cut(String text) {
    return text.substring(0, text.length() - 1).strip();
  }

  private Path passwordFile(Parts parts) {
    Given given = parts.get(ConnectionPart.PASSWORD_FILE);
    if (given == null) {
      return places.home().resolve(".pgpass");
    }
    Path file = places.resolve(given.text(), given.source());
    if (!Files.exists(file) && !given.source().equals("PGPASSFILE")) {
      throw Failure.usage(
          given.source() + ": the password file " + places.show(file) + " does not exist",
          "make it: one line host:port:database:user:password, then chmod 600 "
              + places.show(file));
    }
    return file;
  }

  private Given password(
      Parts parts, Path file, Given host, Given port, Given database, Given user) {
    Given given = parts.get(ConnectionPart.PASSWORD);
    if (given != null) {
      return given;
    }
    PasswordFile passwords = new PasswordFile(file, places);
    String objection = passwords.objection();
    if (objection != null) {
      return Given.of("", places.show(file) + " " + objection);
    }
    List<String> names = new ArrayList<>(List.of(host.text()));
    if (socketFolders.contains(Path.of(host.text().startsWith("/") ? host.text() : "/"))) {
      names.add("localhost");
    }
    Given found = passwords.find(names, port.text(), database.text(), user.text());
    return found == null ? Given.of("", "default") : found;
  }

  private static Given part(Parts parts, ConnectionPart part, String fallback) {
    Given given = parts.get(part);
    return given == null ? Given.of(fallback, "default") : given;
  }

  private static String source(Parts parts, ConnectionPart part) {
    return part(parts, part, "").source();
  }

  private static Setting listed(ConnectionPart part, Given value) {
    return new Setting(part.setting(), value.text(), value.source());
  }
}
