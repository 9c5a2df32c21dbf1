package dev.belay.config;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is in force: the defaults, then what other programs of the user are configured
 * with, then {@code belay.yaml}, then {@code BELAY_*}, then the command line.
 */
public final class Configuration {
  private static final List<Path> SOCKET_FOLDERS =
      List.of(Path.of("/var/run/postgresql"), Path.of("/tmp"));

  private static final Pattern COMPRESS = Pattern.compile("auto|none|(gzip|zstd|lz4)(:\\d{1,2})?");
  private static final Pattern SERVER = Pattern.compile("same|other|embedded");
  private static final Pattern NOT_EMPTY = Pattern.compile("(?s).*\\S.*");

  private Configuration() {}

  /**
   * Reads every source, the later winning.
   *
   * @throws dev.belay.core.Failure USAGE when a source is wrong, UNAVAILABLE when it cannot be read
   */
  public static Settings load(Surroundings surroundings, Flags flags) {
    return load(surroundings, flags, SOCKET_FOLDERS);
  }

  static Settings load(Surroundings surroundings, Flags flags, List<Path> socketFolders) {
    Places places =
        new Places(surroundings.directory().toAbsolutePath(), surroundings.home().toAbsolutePath());
    OwnSources ownSources = new OwnSources(surroundings, places);
    Optional<Given> file = ownSources.file(flags);
    List<Map<String, Given>> own = ownSources.read(file, flags);
    List<Map<String, Given>> flyway = new FlywaySources(surroundings.environment(), places).read();
    ConnectionSources sources = new ConnectionSources(surroundings.environment(), places);
    Parts parts = sources.read(flyway, own, flags.url());
    Connections.Resolved connection =
        new Connections(surroundings, places, socketFolders)
            .resolve(parts, sources.nameConnection());
    SettingReader reader = new SettingReader(own, places);
    reader.listAll(connection.settings());
    reader.list(
        "config",
        file.map(given -> places.show(Path.of(given.text()))).orElse(""),
        file.map(Given::source).orElse("default"));
    listReserved(reader);
    Map<String, Given> wholeFlyway = new HashMap<>(flyway.get(0));
    wholeFlyway.putAll(flyway.get(1));
    List<AppSettings> apps = new Apps(reader, wholeFlyway, new Locations(places)).read();
    ScratchSettings scratch =
        scratch(
            reader,
            places,
            text ->
                new Connections(surroundings, places, socketFolders)
                    .resolve(ConnectionText.parse(text, "scratch.url"), true)
                    .target());
    return settings(connection, reader, apps, scratch, reader.section(surroundings.environment()));
  }

  /** A server that is named is meant, also where nobody says so twice. */
  private static ScratchSettings scratch(
      SettingReader reader, Places places, Function<String, @Nullable Target> connect) {
    String url = reader.text("scratch.url", "");
    String server =
        reader.text("scratch.server", url.isEmpty() ? "same" : "other", SERVER, "embedded");
    boolean other = server.equals("other");
    if (other && url.isEmpty()) {
      throw Failure.usage(
          "scratch.server is other, and scratch.url does not say which",
          "set scratch.url to the maintenance database of that server");
    }
    return new ScratchSettings(
        ScratchSettings.Server.valueOf(server.toUpperCase(Locale.ROOT)),
        other ? Optional.ofNullable(connect.apply(url)) : Optional.empty(),
        reader.list("scratch.init").stream()
            .map(file -> places.resolve(file, "scratch.init"))
            .toList(),
        reader.number("scratch.keep", 2, 0, 100),
        reader.duration("scratch.timeout", "10m", Duration.ofSeconds(1), Duration.ofDays(7)),
        reader.duration("scratch.copyTimeout", "5m", Duration.ofMillis(1), Duration.ofDays(1)),
        reader.bytes("scratch.room"));
  }

  private static Settings settings(
      Connections.Resolved connection,
      SettingReader reader,
      List<AppSettings> apps,
      ScratchSettings scratch,
      Section whole) {
    int processors = Runtime.getRuntime().availableProcessors();
    String maintenance = reader.text("maintenanceDatabase", "postgres", NOT_EMPTY, "postgres");
    String environment = reader.text("environment", "development", NOT_EMPTY, "production");
    Folders folders = folders(reader);
    int jobs = reader.number("jobs", Math.min(4, processors), 1, 256);
    String compress = reader.text("compress", "auto", COMPRESS, "zstd:3");
    List<String> encryptTo = reader.list("encryptTo");
    Optional<Path> identityFile = reader.optionalPath("identityFile");
    Duration stall =
        reader.duration("stallTimeout", "10m", Duration.ofSeconds(1), Duration.ofDays(7));
    Duration lock = reader.duration("lockTimeout", "1s", Duration.ofMillis(1), Duration.ofHours(1));
    Optional<Path> programs = reader.optionalPath("postgresPrograms");
    int keepDays = reader.number("retention.keepDays", 30, 0, 36_500);
    int keepMin = reader.number("retention.keepMin", 3, 0, 10_000);
    Path logFile = reader.path("logFile", "belay.log");
    return new Settings(
        connection.target(),
        maintenance,
        environment,
        folders,
        apps,
        jobs,
        compress,
        encryptTo,
        identityFile,
        stall,
        lock,
        programs,
        keepDays,
        keepMin,
        scratch,
        logFile,
        reader.listed(),
        whole);
  }

  private static Folders folders(SettingReader reader) {
    return new Folders(
        reader.path("folders.backups", "backups"),
        reader.path("folders.dataExports", "data_exports"),
        reader.path("folders.rollbackScripts", "rollback_scripts"),
        reader.path("folders.conflictReports", "conflict_reports"),
        reader.path("folders.reconciliationReports", "reconciliation_reports"),
        reader.path("folders.migrationMonitoring", "migration_monitoring"),
        reader.path("folders.journal", ".belay/journal"));
  }

  private static void listReserved(SettingReader reader) {
    for (String name : reader.names()) {
      int dot = name.indexOf('.');
      if (dot > 0 && Known.RESERVED.contains(name.substring(0, dot))) {
        reader
            .given(name)
            .ifPresent(given -> reader.list(name, Masking.text(given.text()), given.source()));
      }
    }
  }
}
