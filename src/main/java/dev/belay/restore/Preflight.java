package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Refusals;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Provision;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ShellWords;
import dev.belay.swap.Obstacle;
import dev.belay.swap.Obstacles;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that speaks against a restore, found at once and before anything is done.
 *
 * @param refusals what makes the restore impossible or unsafe, and what should be known
 * @param liveExists whether there is a live database to replace
 */
record Preflight(Refusals refusals, boolean liveExists) {
  private static final int ROOM_IN_PERCENT = 110;

  /** Looks at backup, server and live database. Reads only. */
  static Preflight look(Database session, BackupFacts facts, RestoreRequest request, String live) {
    Preflight found = new Preflight(new Refusals(), PreflightQueries.exists(session, live));
    found.origin(session, facts, request, live);
    found.server(session, facts, request.strategy());
    found.rights(session, request, live);
    found.disk(session, facts, request.strategy());
    return found;
  }

  /** Looks at what speaks against restoring tables through a scratch database. Reads only. */
  static Preflight lookForTables(
      Database session, BackupFacts facts, TableRequest request, String live) {
    Preflight found = new Preflight(new Refusals(), PreflightQueries.exists(session, live));
    found.sameOrigin(session, facts, request.fromOtherDatabase(), live);
    found.server(session, facts, Strategy.NEW_DATABASE);
    if (!PreflightQueries.mayCreateDatabases(session)) {
      String user = session.target().user();
      found.refusal(
          "the role %s may not create databases, and the backup is restored in one beside %s"
              .formatted(user, live),
          "as a superuser: "
              + ShellWords.psqlOfOther("alter role %s createdb".formatted(new Identifier(user))));
    }
    if (!found.liveExists()) {
      found.refusal(
          "there is no database " + live + " to restore tables into",
          "leave --table out: the whole database is then created");
    }
    found.disk(session, facts, Strategy.NEW_DATABASE);
    return found;
  }

  /**
   * Stops when there is a reason; the message has all of them.
   *
   * @throws Failure REFUSED
   */
  void refuse() {
    refusals.refuse();
  }

  /** What should be known, though it stops nothing. */
  List<String> warnings() {
    return refusals.warnings();
  }

  /** A migration that runs would be cut off, or would go on in the wrong database. */
  void migrations(List<MigrationsNow.App> apps, Strategy strategy) {
    if (strategy == Strategy.NEW_DATABASE) {
      return;
    }
    for (MigrationsNow.App app : apps) {
      app.running()
          .ifPresent(
              who ->
                  refusal(
                      "a migration of the app " + app.name() + " is in progress: " + who,
                      "wait until the migration is over, or end its session"));
    }
  }

  private void refusal(String what, String remedy) {
    refusals.add(what, remedy);
  }

  private void refusal(Provision.Lack lack) {
    refusals.add(lack.what(), lack.remedy());
  }

  private void origin(Database session, BackupFacts facts, RestoreRequest request, String live) {
    if (!facts.complete()) {
      refusal(
          "the backup " + facts.id() + " holds only a part of its database",
          "choose a complete one: belay list-backups, or name tables of it with --table");
    }
    sameOrigin(session, facts, request.fromOtherDatabase(), live);
  }

  private void sameOrigin(
      Database session, BackupFacts facts, boolean fromOtherDatabase, String live) {
    boolean otherServer = facts.isOfAnotherServer(ServerInfo.systemIdentifier(session));
    boolean otherName = !facts.database().equals(live);
    if (!fromOtherDatabase && (otherServer || otherName)) {
      refusal(
          "the backup is of %s%s, and the target is %s"
              .formatted(
                  facts.database(),
                  otherServer
                      ? " on another server (" + facts.systemIdentifier().orElseThrow() + ")"
                      : "",
                  live),
          "if that is meant, add --from-other-database");
    }
  }

  private void server(Database session, BackupFacts facts, Strategy strategy) {
    ServerInfo server = ServerInfo.of(session);
    int major = facts.serverVersion() / 10_000;
    if (server.major() < major) {
      refusal(
          "the backup is of PostgreSQL %d and the server is %d".formatted(major, server.major()),
          "restore it on PostgreSQL " + major + " or newer");
    }
    if (server.inRecovery()) {
      refusal("the server is a standby", "restore on its primary");
    }
    Provision.missingRoles(session, facts.roles())
        .forEach(role -> refusal(Provision.Lack.role(role)));
    Map<String, List<String>> available = Provision.extensions(session);
    // In place those that are there stay.
    List<String> needSuperuser =
        strategy == Strategy.IN_PLACE
            ? List.of()
            : PreflightQueries.extensionsOfSuperusers(session);
    facts
        .extensions()
        .forEach(
            (name, version) -> {
              List<String> versions = available.getOrDefault(name, List.of());
              if (versions.isEmpty()) {
                refusal(Provision.Lack.extension(name));
              } else if (needSuperuser.contains(name)) {
                refusal(
                    "only a superuser may create the extension " + name,
                    "restore it as a superuser");
              } else if (!versions.contains(version)) {
                refusals.warn(
                    "the extension %s was of version %s; the server has %s"
                        .formatted(name, version, String.join(", ", versions)));
              }
            });
  }

  private void rights(Database session, RestoreRequest request, String live) {
    switch (request.strategy()) {
      case SWAP -> {
        mayCreate(session);
        List<Obstacle> obstacles = new ArrayList<>();
        if (liveExists) {
          obstacles.addAll(Obstacles.find(session, live));
          obstacles.addAll(Obstacles.ofLikeness(session, live));
        }
        for (Obstacle obstacle : obstacles) {
          if (!obstacle.blocking()) {
            refusals.warn(obstacle.line());
          } else if (!obstacle.equals(Obstacle.lacksCreatedb(session.target().user()))) {
            refusal(obstacle.what(), obstacle.remedy());
          }
        }
      }
      case NEW_DATABASE -> {
        mayCreate(session);
        String name = request.newName().orElseThrow();
        if (PreflightQueries.exists(session, name)) {
          refusal("there is a database " + name + " already", "choose another --new-name");
        }
      }
      case IN_PLACE -> {
        if (!liveExists) {
          refusal(
              "there is no database " + live + " to restore into",
              "leave --strategy out: the database is then created");
        }
      }
    }
  }

  private void mayCreate(Database session) {
    if (!PreflightQueries.mayCreateDatabases(session)) {
      String user = session.target().user();
      refusal(
          "the role " + user + " may not create databases",
          "as a superuser: %s; or restore with --strategy in-place, which keeps no copy of what it replaces"
              .formatted(
                  ShellWords.psqlOfOther(
                      "alter role %s createdb".formatted(new Identifier(user)))));
    }
  }

  /** Only where the server's files are on this machine. */
  private void disk(Database session, BackupFacts facts, Strategy strategy) {
    String host = session.target().host();
    boolean near =
        session.target().isUnixSocket()
            || host.equals("localhost")
            || host.equals("127.0.0.1")
            || host.equals("::1");
    Optional<Path> folder =
        near ? PreflightQueries.dataDirectory(session).map(Path::of) : Optional.empty();
    if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
      refusals.warn(
          "the server's free disk space is not visible from here; the restored copy needs some "
              + Units.bytes(facts.databaseBytes()));
      return;
    }
    try {
      FileStore store = Files.getFileStore(folder.get());
      long needed = facts.databaseBytes() / 100 * ROOM_IN_PERCENT;
      if (store.getUsableSpace() < needed) {
        refusal(
            "the server has %s of disk space left, and the restore needs some %s"
                .formatted(Units.bytes(store.getUsableSpace()), Units.bytes(needed)),
            "free disk space"
                + (strategy == Strategy.SWAP
                    ? ", for example with: belay discard-replaced all"
                    : ""));
      }
    } catch (IOException unreadable) {
      refusals.warn("the server's free disk space could not be read: " + unreadable.getMessage());
    }
  }
}
