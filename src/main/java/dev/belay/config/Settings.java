package dev.belay.config;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in force for this run.
 *
 * @param reached the target, or null when no source names a database
 * @param maintenanceDatabase where databases are created and renamed from; default {@code postgres}
 * @param environment {@code production} asks for the database's name to be typed
 * @param jobs parallel sessions for dump, restore and fingerprints
 * @param compress {@code auto}, or as in pg_dump: {@code gzip:1}, {@code zstd:3}, {@code none}
 * @param encryptTo age recipients; empty: backups are not encrypted
 * @param identityFile the age identity that opens encrypted backups
 * @param stallTimeout a child without progress for so long is ended
 * @param lockTimeout how long one try for a strong lock may wait
 * @param postgresPrograms the folder of pg_dump and pg_restore; empty: found by version
 * @param keepDays retention in days
 * @param keepMin backups that retention always leaves
 * @param scratch where and how migrations are replayed
 * @param logFile where everything is logged
 * @param all every setting with its source, sorted by name, secrets masked
 * @param whole all that the sources say, for {@link #section}
 */
public record Settings(
    @Nullable Target reached,
    String maintenanceDatabase,
    String environment,
    Folders folders,
    List<AppSettings> apps,
    int jobs,
    String compress,
    List<String> encryptTo,
    Optional<Path> identityFile,
    Duration stallTimeout,
    Duration lockTimeout,
    Optional<Path> postgresPrograms,
    int keepDays,
    int keepMin,
    ScratchSettings scratch,
    Path logFile,
    List<Setting> all,
    Section whole) {

  /**
   * A part of the configuration that the room it belongs to reads for itself: {@code hooks}, {@code
   * health}, {@code notify}, {@code readiness}, {@code watch}, {@code monitor}, {@code migrate},
   * {@code recovery}, {@code rehearsal}.
   */
  public Section section(String name) {
    return whole.section(name);
  }

  /** The same with that app in place of the one of its name. */
  public Settings with(AppSettings app) {
    return new Settings(
        reached,
        maintenanceDatabase,
        environment,
        folders,
        apps.stream().map(each -> each.name().equals(app.name()) ? app : each).toList(),
        jobs,
        compress,
        encryptTo,
        identityFile,
        stallTimeout,
        lockTimeout,
        postgresPrograms,
        keepDays,
        keepMin,
        scratch,
        logFile,
        all,
        whole);
  }

  /**
   * The target.
   *
   * @throws Failure USAGE when no source names one
   */
  public Target target() {
    if (reached == null) {
      throw Failure.usage(
          "no database is configured",
          "name one with --url postgresql://user@host:5432/database, in belay.yaml, or with PGDATABASE");
    }
    return reached;
  }

  /** The maintenance database of the target's server. */
  public Target maintenance() {
    return target().withDatabase(maintenanceDatabase);
  }

  /**
   * The file for passwords, absolute, where somebody named another than that of libpq; empty too
   * where {@code PGPASSFILE} did, which programs of PostgreSQL read by themselves.
   */
  public Optional<Path> passwordFile(Surroundings surroundings) {
    Places places =
        new Places(surroundings.directory().toAbsolutePath(), surroundings.home().toAbsolutePath());
    return all.stream()
        .filter(setting -> setting.name().equals(ConnectionPart.PASSWORD_FILE.setting()))
        .filter(setting -> !List.of("default", "PGPASSFILE").contains(setting.source()))
        .map(setting -> places.resolve(setting.value(), setting.source()))
        .findFirst();
  }

  /** Whether the target is in production. */
  public boolean isProduction() {
    return environment.equalsIgnoreCase("production");
  }

  /**
   * The app of that name; without one, the only one that there is.
   *
   * @throws Failure USAGE when there is none of that name, or several and none is named
   */
  public AppSettings appOrOnly(Optional<String> name) {
    if (name.isEmpty() && apps.size() > 1) {
      throw Failure.usage(
          "there are several apps, and of which one the migration is is not said",
          "name the app first, one of: "
              + String.join(", ", apps.stream().map(AppSettings::name).toList()));
    }
    return name.map(this::app).orElseGet(() -> apps.get(0));
  }

  /**
   * The app of that name.
   *
   * @throws Failure USAGE when there is none
   */
  public AppSettings app(String name) {
    return apps.stream()
        .filter(app -> app.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no app '" + name + "'",
                    "use one of: "
                        + String.join(", ", apps.stream().map(AppSettings::name).toList())));
  }
}
