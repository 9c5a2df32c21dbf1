package dev.belay.config;

import dev.belay.core.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a service in libpq's {@code pg_service.conf}: the user's file first, then the system's. */
final class ServiceFile {
  private final Map<String, String> environment;
  private final Places places;

  ServiceFile(Map<String, String> environment, Places places) {
    this.environment = environment;
    this.places = places;
  }

  /**
   * The parts of a service.
   *
   * @param source where the service is named
   * @throws Failure USAGE when there is no such service or its file is wrong
   */
  Parts find(String service, String source) {
    List<String> looked = new ArrayList<>();
    for (Path file : files()) {
      if (Files.isRegularFile(file)) {
        looked.add(places.show(file));
        Optional<Parts> parts = read(file, service);
        if (parts.isPresent()) {
          return parts.get();
        }
      }
    }
    String where = looked.isEmpty() ? "there is no service file" : String.join(" or ", looked);
    throw Failure.usage(
        source
            + (looked.isEmpty()
                ? " names a service, but there is no service file"
                : " names a service that is not in " + where),
        "add the service to ~/.pg_service.conf, or name the file in PGSERVICEFILE");
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    String own = environment.getOrDefault("PGSERVICEFILE", "");
    files.add(
        own.isBlank()
            ? places.home().resolve(".pg_service.conf")
            : places.resolve(own, "PGSERVICEFILE"));
    String system = environment.getOrDefault("PGSYSCONFDIR", "");
    if (system.isBlank()) {
      files.add(Path.of("/etc/postgresql-common/pg_service.conf"));
      files.add(Path.of("/etc/sysconfig/pgsql/pg_service.conf"));
    } else {
      files.add(places.resolve(system, "PGSYSCONFDIR").resolve("pg_service.conf"));
    }
    return files;
  }

  private Optional<Parts> read(Path file, String service) {
    Parts parts = new Parts();
    boolean inside = false;
    boolean found = false;
    int number = 0;
    for (String raw : places.read(file).lines().toList()) {
      String place = places.show(file) + ":" + ++number;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        if (found) {
          break;
        }
        inside = line.equals("[" + service + "]");
        found = inside;
      } else if (inside) {
        take(parts, line, place);
      }
    }
    return found ? Optional.of(parts) : Optional.empty();
  }

  private static void take(Parts parts, String line, String place) {
    int equals = line.indexOf('=');
    if (equals < 0 || line.startsWith("ldap")) {
      throw Failure.usage(
          place + " is not a line of the form key=value",
          "put host=…, port=… and the like under the name of the service");
    }
    String name = line.substring(0, equals).strip();
    if (name.equals("service")) {
      throw Failure.usage(
          place + " names another service, which libpq does not follow either",
          "copy the lines of that service here");
    }
    Parts one = new Parts();
    Keywords.take(one, name, line.substring(equals + 1).strip(), false, true, place);
    // The first line for a key wins, as in libpq.
    parts.fillFrom(one);
    Addresses.check(one, place);
  }
}
