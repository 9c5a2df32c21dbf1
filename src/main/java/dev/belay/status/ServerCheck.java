package dev.belay.status;

import dev.belay.core.Identifier;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ShellWords;
import dev.belay.status.StateQueries.Door;
import dev.belay.status.StateQueries.Server;
import dev.belay.status.StateQueries.ServerSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The server: its version, what this role may do there, and settings that endanger recovery. */
final class ServerCheck implements StateCheck {
  /** A value of a setting that is dangerous, and why. */
  private record Danger(String value, boolean grave, String why) {}

  private static final Map<String, Danger> DANGERS = new LinkedHashMap<>();

  static {
    DANGERS.put(
        "fsync", new Danger("off", true, "a crash of the machine can destroy the whole cluster"));
    DANGERS.put(
        "full_page_writes", new Danger("off", true, "a crash can leave torn pages in tables"));
    DANGERS.put("zero_damaged_pages", new Danger("on", true, "damaged pages are silently emptied"));
    DANGERS.put(
        "ignore_checksum_failure", new Danger("on", true, "damaged pages are read as if sound"));
    DANGERS.put(
        "ignore_invalid_pages", new Danger("on", true, "recovery passes over damaged pages"));
    DANGERS.put(
        "ignore_system_indexes", new Danger("on", false, "indexes of the catalogue are not used"));
    DANGERS.put(
        "data_checksums",
        new Danger("off", false, "damage on disk is not noticed when it happens"));
    DANGERS.put("synchronous_commit", new Danger("off", false, "a crash loses the latest commits"));
    DANGERS.put(
        "autovacuum", new Danger("off", false, "the cluster will stop before its ids wrap around"));
    DANGERS.put(
        "session_replication_role",
        new Danger("replica", true, "triggers and foreign keys are not enforced"));
  }

  @Override
  public List<String> names() {
    return List.of("server", "role", "database-open", "server-settings");
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Database database = context.database();
    Server server = StateQueries.server(database);
    return List.of(server(server), role(server), door(database), settings(database));
  }

  private static CheckResult server(Server server) {
    String uptime = Units.duration(Duration.ofSeconds(server.uptimeSeconds()));
    String summary = "PostgreSQL " + server.version() + ", up for " + uptime;
    if (server.versionNumber() / 10_000 < ServerInfo.OLDEST_MAJOR) {
      return CheckResult.failed(
          "server",
          summary,
          List.of("the oldest version that belay supports is " + ServerInfo.OLDEST_MAJOR),
          "upgrade the server");
    }
    if (server.standby()) {
      return CheckResult.warning(
          "server",
          summary,
          List.of("it is a standby: nothing can be restored or undone here"),
          "name the primary with --url");
    }
    return CheckResult.passed("server", summary);
  }

  private static CheckResult role(Server server) {
    List<String> lacks = new ArrayList<>();
    if (!server.createsDatabases()) {
      lacks.add("it may not create databases, so a backup can only be restored in place");
    }
    if (!server.seesAllSessions()) {
      lacks.add("it may not see what sessions of other roles do");
    }
    String name = server.role() + (server.superuser() ? ", a superuser" : "");
    if (lacks.isEmpty()) {
      return CheckResult.passed("role", name);
    }
    Identifier role = new Identifier(server.role());
    String fix =
        server.createsDatabases()
            ? "grant pg_read_all_stats to " + role
            : "alter role " + role + " createdb";
    return CheckResult.warning("role", name, lacks, ShellWords.psqlOfOther(fix));
  }

  private static CheckResult door(Database database) {
    String name = database.target().database();
    Door door = StateQueries.door(database, name).orElse(new Door(true, -1));
    return DoorCheck.result(name, door);
  }

  private static CheckResult settings(Database database) {
    List<String> grave = new ArrayList<>();
    List<String> light = new ArrayList<>();
    for (ServerSetting setting : StateQueries.settings(database, List.copyOf(DANGERS.keySet()))) {
      Danger danger = DANGERS.get(setting.name());
      if (danger != null && danger.value().equals(canonical(setting.value()))) {
        (danger.grave() ? grave : light)
            .add(
                "%s = %s (%s): %s"
                    .formatted(setting.name(), setting.value(), setting.where(), danger.why()));
      }
    }
    List<String> all = new ArrayList<>(grave);
    all.addAll(light);
    String fix =
        ShellWords.psql("alter system set " + first(all)) + " -c 'select pg_reload_conf()'";
    if (!grave.isEmpty()) {
      return CheckResult.failed("server-settings", "recovery is endangered", all, fix);
    }
    return light.isEmpty()
        ? CheckResult.passed("server-settings", "none that endangers recovery")
        : CheckResult.warning("server-settings", "some weaken recovery", all, hint(light, fix));
  }

  private static String hint(List<String> light, String fix) {
    return light.get(0).startsWith("data_checksums")
        ? "stop the server and run pg_checksums --enable"
        : fix;
  }

  private static String first(List<String> findings) {
    if (findings.isEmpty()) {
      return "";
    }
    String name = findings.get(0).split(" ", 2)[0];
    Danger danger = DANGERS.get(name);
    boolean off = danger != null && danger.value().equals("off");
    return name + " = " + (name.equals("session_replication_role") ? "origin" : off ? "on" : "off");
  }

  private static String canonical(String value) {
    return switch (value.toLowerCase(java.util.Locale.ROOT)) {
      case "true", "yes", "1", "on" -> "on";
      case "false", "no", "0", "off" -> "off";
      default -> value;
    };
  }
}
