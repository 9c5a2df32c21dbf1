package dev.belay.incident;

import dev.belay.cli.Terminal;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a night leaves on the disk, written by hand in one folder. */
final class Night {
  static final String RUN = "5f0c1d2e3a4b";
  static final Instant BEGUN = Instant.parse("2026-11-01T02:30:00Z");

  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();

  Night(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Path journals() {
    return folder.resolve(".belay/journal");
  }

  Night with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Surroundings surroundings() {
    return new Surroundings(environment, folder, folder, "somebody");
  }

  Settings settings() {
    return Configuration.load(
        surroundings(), new Flags(Optional.empty(), Optional.empty(), Map.of()));
  }

  Night file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** The journal of {@link #RUN}, of a process that is gone, with these steps. */
  Night journal(int version, String command, String target, String... steps) {
    StringBuilder text = new StringBuilder();
    text.append(
        Json.MAPPER.writeValueAsString(
            Map.of(
                "journal",
                version,
                "run",
                RUN,
                "command",
                command,
                "target",
                target,
                "host",
                hostname(),
                "pid",
                3_999_999,
                "processStartedMillis",
                17,
                "user",
                "op",
                "at",
                BEGUN.toString())));
    text.append('\n');
    int second = 1;
    for (String step : steps) {
      text.append(
          step.startsWith("{")
              ? step
              : Json.MAPPER.writeValueAsString(
                  Map.of(
                      "at",
                      BEGUN.plusSeconds(second++).toString(),
                      "step",
                      step,
                      "facts",
                      Map.of("database", "orders"))));
      text.append('\n');
    }
    return file(".belay/journal/20261101_023000_" + RUN + ".jsonl", text.toString());
  }

  /** Samples of that many moments, ten a second; one of them has 9,999 connections. */
  Night samples(int count, int peakAt, String machine) {
    Path file = folder.resolve("migration_monitoring/migrate_20261101_023000_" + RUN + ".jsonl");
    try {
      Files.createDirectories(file.getParent());
      try (BufferedWriter out = Files.newBufferedWriter(file)) {
        out.write(
            "{\"type\":\"begin\",\"schema\":1,\"at\":\"%s\",\"elapsedMillis\":0,\"run\":\"%s\",\"command\":\"migrate\",\"database\":\"orders\",\"machine\":%s,\"intervalMillis\":100}\n"
                .formatted(BEGUN, RUN, Json.MAPPER.writeValueAsString(machine)));
        for (int each = 0; each < count; each++) {
          out.write(
              "{\"type\":\"sample\",\"at\":\"%s\",\"elapsedMillis\":%d,\"cpu\":%d.5,\"connections\":%d,\"active\":3,\"waiting\":%d,\"longestTransactionMillis\":%d,\"errors\":0,\"warnings\":0}\n"
                  .formatted(
                      BEGUN.plusMillis(100L * each),
                      100L * each,
                      20 + each % 60,
                      each == peakAt ? 9_999 : 20 + each % 7,
                      each % 50 < 5 ? 4 : 0,
                      each * 10L));
          if (each == count / 2) {
            out.write(
                "{\"type\":\"mark\",\"at\":\"%s\",\"elapsedMillis\":%d,\"step\":\"V7__split_the_names\"}\n"
                    .formatted(BEGUN.plusMillis(100L * each), 100L * each));
          }
        }
      }
      return this;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  Account account() {
    return new Reporting(settings(), surroundings()).ofRun(RUN);
  }

  String page() {
    return page(account());
  }

  String page(Account account) {
    StringWriter page = new StringWriter();
    AccountPage.write(account, Secrets.of(settings(), environment), page);
    return page.toString();
  }

  /** A page about a named file. */
  Account of(String file) {
    return new GivenFile(settings(), folder.resolve(file)).account();
  }

  /** Nobody is there. */
  static OwnCommands silent() {
    return (where, streams, arguments) -> {
      say(streams, "{\"outcome\":\"UNAVAILABLE\"}");
      return 12;
    };
  }

  private static void say(Terminal streams, String text) {
    streams.out().print(text);
    streams.out().flush();
  }

  private static String hostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      return "elsewhere";
    }
  }
}
