package dev.belay.support;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A PostgreSQL server of one test's own, on a free port, for settings that the shared {@link
 * TestServer} cannot have: TLS, passwords, few connections. It uses the same server programs. It is
 * stopped and removed when closed, and at the end of the JVM.
 */
public final class Cluster implements AutoCloseable {
  /** A busy machine takes its time. */
  private static final Duration STARTUP = Duration.ofMinutes(1);

  private final EmbeddedPostgres server;
  private final Path folder;

  private Cluster(EmbeddedPostgres server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /** Begins to describe a cluster. */
  public static Builder with() {
    return new Builder();
  }

  /** What is special about a cluster. */
  public static final class Builder {
    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> rules = new ArrayList<>();
    private Optional<Certificate> certificate = Optional.empty();

    /** A plain value of {@code postgresql.conf}, such as {@code max_connections} and 5. */
    public Builder setting(String name, String value) {
      settings.put(name, value);
      return this;
    }

    /**
     * A line of {@code pg_hba.conf}; the first that fits decides, and where none fits nobody comes
     * in. The superuser {@code postgres} always may by {@code host} from 127.0.0.1.
     */
    public Builder rule(String line) {
      rules.add(line);
      return this;
    }

    /** Offers TLS with that certificate. */
    public Builder tls(Certificate own) {
      certificate = Optional.of(own);
      return this;
    }

    /** Starts it. */
    public Cluster start() {
      try {
        Path folder = DataFolder.create();
        Path data = folder.resolve("data");
        // Short, since a socket's path has at most 107 bytes; with a blank, since folders have.
        Files.createDirectory(folder.resolve("socket here"));
        EmbeddedPostgres.Builder builder =
            EmbeddedPostgres.builder()
                .setPGStartupWait(STARTUP)
                .setDataDirectory(data)
                .setCleanDataDirectory(true)
                .setDataDirectoryCustomizer(there -> configure(there.toPath(), folder));
        settings.forEach(builder::setServerConfig);
        return new Cluster(builder.start(), folder);
      } catch (IOException cannot) {
        throw new UncheckedIOException(cannot);
      }
    }

    private void configure(Path data, Path folder) {
      List<String> lines = new ArrayList<>();
      lines.add("unix_socket_directories = '" + folder.resolve("socket here") + "'");
      lines.add("listen_addresses = 'localhost'");
      lines.add("fsync = off");
      lines.add("shared_buffers = 16MB");
      certificate.ifPresent(
          own -> {
            lines.add("ssl = on");
            lines.add("ssl_cert_file = '" + own.certificate() + "'");
            lines.add("ssl_key_file = '" + own.key() + "'");
          });
      List<String> access = new ArrayList<>();
      access.add("host all postgres 127.0.0.1/32 trust");
      access.addAll(rules);
      try {
        Files.write(data.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
        Files.write(data.resolve("pg_hba.conf"), access);
        Files.writeString(data.resolve("pg_ident.conf"), "anybody /^.*$ postgres\n");
      } catch (IOException cannot) {
        throw new UncheckedIOException(cannot);
      }
    }
  }

  /** The superuser over TCP, without a password. */
  public Target admin() {
    return target("127.0.0.1", "postgres", null, Tls.PREFER);
  }

  /** Database {@code postgres} over TCP as that user. */
  public Target as(String user, String password, Tls tls) {
    return target("localhost", user, password, tls);
  }

  /** Database {@code postgres} by host name or socket folder. */
  public Target target(String host, String user, String password, Tls tls) {
    Optional<Secret> secret = Optional.ofNullable(password).map(Secret::new);
    return new Target(host, server.getPort(), "postgres", user, secret, tls, 10);
  }

  /** The folder of its Unix socket; there is a blank in its path. */
  public Path socketFolder() {
    return folder.resolve("socket here");
  }

  /** The number of its port, TCP and socket alike. */
  public int port() {
    return server.getPort();
  }

  /** Where its data is. */
  public Path data() {
    return folder.resolve("data");
  }

  /** The postmaster's process id. */
  public long pid() {
    try {
      return Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid")).get(0));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      DataFolder.remove(folder);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
