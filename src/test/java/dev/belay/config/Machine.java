package dev.belay.config;

import dev.belay.core.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A machine with real files under one folder: working directory, home and socket folder. */
final class Machine {
  final Path work;
  final Path home;
  final Path sockets;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> flags = new LinkedHashMap<>();
  private Optional<String> url = Optional.empty();
  private Optional<String> configFile = Optional.empty();

  Machine(Path root) {
    work = folder(root.resolve("work"));
    home = folder(root.resolve("home"));
    sockets = folder(root.resolve("sockets"));
    environment.put("PGSYSCONFDIR", folder(root.resolve("etc")).toString());
  }

  Machine with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Machine url(String text) {
    url = Optional.of(text);
    return this;
  }

  Machine set(String name, String value) {
    flags.put(name, value);
    return this;
  }

  Machine without(String flag) {
    flags.remove(flag);
    return this;
  }

  Machine config(String file) {
    configFile = Optional.of(file);
    return this;
  }

  /** A file in the working directory, readable by its owner alone. */
  Machine file(String name, String text) {
    return write(work.resolve(name), text, "rw-------");
  }

  Machine homeFile(String name, String text) {
    return write(home.resolve(name), text, "rw-------");
  }

  Machine mode(String name, String mode) {
    try {
      Files.setPosixFilePermissions(work.resolve(name), PosixFilePermissions.fromString(mode));
      return this;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  Machine socket(int port) {
    return write(sockets.resolve(".s.PGSQL." + port), "", "rwxrwxrwx");
  }

  Settings load() {
    return Configuration.load(
        new Surroundings(Map.copyOf(environment), work, home, "tester"),
        new Flags(url, configFile, flags),
        List.of(sockets));
  }

  Target target() {
    return load().target();
  }

  String password() {
    return target().password().map(secret -> secret.reveal()).orElse("(none)");
  }

  Setting setting(String name) {
    return load().all().stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no setting " + name));
  }

  /** {@code value from source}. */
  String shown(String name) {
    Setting setting = setting(name);
    return setting.value() + " from " + setting.source();
  }

  private static Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private Machine write(Path file, String text, String mode) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      return this;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
