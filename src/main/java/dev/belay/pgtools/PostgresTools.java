package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * The real {@code pg_dump} and {@code pg_restore} programs of this machine. A distribution's
 * wrapper is never taken for one. Each is asked once per run for its version.
 */
public final class PostgresTools {
  private static final String DUMP = "pg_dump";
  private static final String RESTORE = "pg_restore";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int VERSION_BYTES = 4096;

  private final Optional<Path> configured;
  private final ToolPlaces places;
  private final ProcessRunner runner = new ProcessRunner();
  private final Map<String, Found> found = new ConcurrentHashMap<>();

  /** What is there, and what is there but gave no version. */
  private record Found(List<Tool> tools, List<String> silent) {}

  /**
   * @param configuredFolder the setting {@code postgresPrograms}: then only that folder counts
   * @param environment for PATH
   */
  public PostgresTools(Optional<Path> configuredFolder, Map<String, String> environment) {
    this(
        configuredFolder,
        configuredFolder.map(ToolPlaces::only).orElseGet(() -> ToolPlaces.usual(environment)));
  }

  PostgresTools(Optional<Path> configuredFolder, ToolPlaces places) {
    this.configured = configuredFolder;
    this.places = places;
  }

  /**
   * The {@code pg_dump} for a server: that of its own major version, so that its archive also suits
   * a restore there, else the nearest newer one.
   *
   * @throws Failure UNAVAILABLE when there is none that is new enough
   */
  public Tool dumpFor(ServerInfo server) {
    return nearest(DUMP, server.major(), server.major())
        .orElseThrow(
            () ->
                none(
                    DUMP,
                    server.major(),
                    "the server is PostgreSQL "
                        + server.version()
                        + ", which needs pg_dump "
                        + server.major()
                        + " or newer"));
  }

  /**
   * The {@code pg_restore} for an archive and the server it is restored on: one that can read the
   * archive, of the server's own major version if possible, else the nearest newer, else the newest
   * older one.
   *
   * @param archiveToolMajor major version of the pg_dump that wrote the archive
   * @throws Failure UNAVAILABLE when there is none that can read it
   */
  public Tool restoreFor(int archiveToolMajor, ServerInfo target) {
    return nearest(RESTORE, archiveToolMajor, target.major())
        .orElseThrow(() -> unreadable(archiveToolMajor));
  }

  /**
   * The {@code pg_restore} that reads an archive without a server.
   *
   * @param archiveToolMajor major version of the pg_dump that wrote the archive
   * @throws Failure UNAVAILABLE when there is none that can read it
   */
  public Tool readerFor(int archiveToolMajor) {
    return nearest(RESTORE, archiveToolMajor, archiveToolMajor)
        .orElseThrow(() -> unreadable(archiveToolMajor));
  }

  private Failure unreadable(int archiveToolMajor) {
    return none(
        RESTORE,
        archiveToolMajor,
        "the backup was written by pg_dump "
            + archiveToolMajor
            + ", which needs pg_restore "
            + archiveToolMajor
            + " or newer");
  }

  private Optional<Tool> nearest(String name, int least, int wanted) {
    // Newer ones by how much newer they are, then older ones, the newest of them first.
    Comparator<Tool> order =
        Comparator.comparing((Tool tool) -> tool.major() < wanted)
            .thenComparing(tool -> Math.abs(tool.major() - wanted));
    return found(name).tools().stream().filter(tool -> tool.major() >= least).min(order);
  }

  private Failure none(String name, int major, String need) {
    Found there = found(name);
    String have =
        there.tools().isEmpty()
            ? "none was found"
            : "found: "
                + there.tools().stream().map(Tool::toString).collect(Collectors.joining(", "));
    String silent =
        there.silent().isEmpty() ? "" : "; not usable: " + String.join(", ", there.silent());
    String where = configured.map(folder -> " in " + folder + " (postgresPrograms)").orElse("");
    return Failure.unavailable(
        need + "; " + have + where + silent,
        configured.isPresent()
            ? "name the folder of newer programs with --set postgres-programs=<folder>, or leave it"
                + " out to let them be found"
            : "install it with: " + InstallHint.command(major));
  }

  private Found found(String name) {
    return found.computeIfAbsent(name, this::search);
  }

  private Found search(String name) {
    List<Path> programs = places.all(name);
    configured.ifPresent(folder -> refuseEmpty(folder, name, programs));
    List<Tool> tools = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (Path program : programs) {
      try {
        String printed = version(program);
        Tool.parse(program, name, printed)
            .ifPresentOrElse(
                tools::add, () -> silent.add(program + " does not say which version it is"));
      } catch (Failure cannot) {
        silent.add(program + " (" + cannot.message() + ")");
      }
    }
    tools.sort(Comparator.comparing(Tool::major));
    return new Found(List.copyOf(tools), List.copyOf(silent));
  }

  private static void refuseEmpty(Path folder, String name, List<Path> programs) {
    if (programs.isEmpty()) {
      String reason;
      if (!Files.isDirectory(folder)) {
        reason = "the folder " + folder + " is not there";
      } else if (!Files.exists(folder.resolve(name))) {
        reason = "there is no " + name + " in " + folder;
      } else if (ToolPlaces.isWrapper(folder.resolve(name))) {
        reason = folder.resolve(name) + " is a wrapper that chooses a version by itself";
      } else {
        reason = folder.resolve(name) + " may not be executed";
      }
      throw Failure.unavailable(
          reason + " (setting postgresPrograms)",
          "name the folder that holds pg_dump and pg_restore:"
              + " --set postgres-programs=/usr/lib/postgresql/15/bin");
    }
  }

  /** What the program prints as its version; cut where it prints more than any version is long. */
  private String version(Path program) {
    Path log = temporary();
    try {
      AtomicReference<String> printed = new AtomicReference<>("");
      ProcessResult result =
          runner.read(
              new ProcessCall(
                  List.of(program.toString(), "--version"),
                  Map.of("LC_ALL", "C"),
                  Set.of("LANGUAGE"),
                  log,
                  PATIENCE,
                  () -> 0),
              output -> {
                printed.set(
                    new String(output.readNBytes(VERSION_BYTES), StandardCharsets.ISO_8859_1));
              });
      if (!result.succeeded()) {
        throw Failure.unavailable(
            "--version ended with " + result.status(),
            "run: " + ShellWords.quote(program.toString()) + " --version");
      }
      return String.valueOf(printed.get());
    } finally {
      log.toFile().delete();
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("belay-version", ".log");
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
