package dev.belay.notify;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A folder with a configuration, and the other side of every HTTP channel. */
final class Desk implements AutoCloseable {
  /** Pauses are short here; whoever answers may take his time, as on a busy machine. */
  static final String QUICK = "timeout: 30s, pause: 1ms";

  /** For those who do not answer. */
  static final String IMPATIENT = "timeout: 1s, pause: 1ms";

  final WireMockServer server;
  final Path folder;

  Desk(Path folder) {
    this.folder = folder;
    this.server =
        new WireMockServer(
            WireMockConfiguration.options()
                .dynamicPort()
                .bindAddress("127.0.0.1")
                .containerThreads(20)
                .gzipDisabled(true));
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  /** Writes {@code belay.yaml} with that part {@code notify}. */
  Desk configured(String notify) {
    try {
      Path file = folder.resolve("belay.yaml");
      Files.writeString(
          file, "url: postgresql://app@127.0.0.1:1/orders\nnotify:\n" + notify.indent(2));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return this;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  Cli cli() {
    return new Cli(folder);
  }

  Settings settings() {
    return Configuration.load(
        new Surroundings(Map.of(), folder, folder, "tester"),
        new Flags(Optional.empty(), Optional.empty(), Map.of()));
  }

  /** What came in, in order. */
  List<LoggedRequest> requests() {
    return server.getAllServeEvents().stream()
        .sorted(Comparator.comparing(event -> event.getRequest().getLoggedDate()))
        .map(ServeEvent::getRequest)
        .toList();
  }

  List<JsonNode> bodies() {
    return requests().stream()
        .map(request -> Json.MAPPER.readTree(request.getBodyAsString()))
        .toList();
  }

  String file(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
