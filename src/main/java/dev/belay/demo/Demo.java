package dev.belay.demo;

import dev.belay.cli.Logging;
import dev.belay.cli.Terminal;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.process.ProgramSearch;
import dev.belay.process.ShellWords;
import dev.belay.report.TextTable;
import dev.belay.scratch.EmbeddedServer;
import dev.belay.scratch.ServerPlace;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays the incident: a backup, a migration that destroys data, and the way back. */
final class Demo {
  /** Of the folders that demos make. */
  static final String PREFIX = "belay-demo-";

  private static final String PAGE = "night.html";

  private final Terminal terminal;
  private final WholeProgram program;
  private final Databases databases = new JdbcDatabases("belay demo");

  Demo(Terminal terminal, WholeProgram program) {
    this.terminal = terminal;
    this.program = program;
  }

  /**
   * Plays it.
   *
   * @param keep leave the server running
   * @param page where the page about the night's migration goes; empty: into the demo's own folder
   * @return OK when everything came back, FINDINGS when something did not
   * @throws Failure UNAVAILABLE when the machine lacks something; FAILED when the story does not go
   *     as it is told
   */
  ExitCode run(boolean keep, Optional<Path> page) {
    needPsql();
    long begin = System.nanoTime();
    int swept = ServerPlace.sweep(PREFIX, false);
    ServerPlace place = ServerPlace.create(PREFIX);
    Cleanup.Pending remove = Cleanup.register(place::remove);
    Stage stage = new Stage(terminal, program, clinic(place));
    stage.act("A throw-away PostgreSQL in " + place.folder());
    if (swept > 0) {
      stage.say("Removed what " + Units.count(swept, "demo", "demos") + " that was killed left.");
    }
    stage.say("Starting it and filling a clinic's database, which takes some seconds …");
    try (remove;
        EmbeddedServer server = EmbeddedServer.start(place)) {
      Target target = server.database("clinic");
      Clinic clinic = new Clinic(clinic(place), databases, target);
      clinic.build();
      Path night = page.orElse(clinic(place).resolve(PAGE));
      boolean back = play(stage, clinic, target, begin, night);
      stage.say(
          "the migration, a page:  "
              + (keep || page.isPresent()
                  ? night
                  : "gone with the demo's folder; --report night.html keeps it"));
      if (keep) {
        clinic.silence();
        place.keep("belay demo --stop");
        server.keep();
        remove.cancel();
        sayHowToPlayOn(stage, place, target);
      }
      return back ? ExitCode.OK : ExitCode.FINDINGS;
    } finally {
      Logging.stop();
    }
  }

  /** Before anybody has waited for what comes before it. */
  private static void needPsql() {
    Map<String, String> environment = System.getenv();
    try {
      ProgramSearch.find("psql", environment, Path.of("").toAbsolutePath());
    } catch (Failure none) {
      throw Failure.unavailable(
              "the demo's night needs psql: " + none.message(),
              "install it, such as with: apt-get install postgresql-client")
          .causedBy(none);
    }
  }

  private static Path clinic(ServerPlace place) {
    return place.folder().resolve("clinic");
  }

  private boolean play(Stage stage, Clinic clinic, Target target, long begin, Path page) {
    List<TableContent> before = content(clinic);
    long diagnoses = diagnoses(clinic);
    stage.say("");
    stage.say("Two apps, migrated by Flyway; every row is made up. The checksums are plain SQL:");
    show(stage, before);

    stage.act("Before the release");
    stage.must("list-migrations");
    stage.must("create-backup", "--level", "restored", "--description", "before release 4");

    stage.act("Friday, 17:50: the release is rolled out, and Flyway applies its migration");
    stage.say("-- " + Clinic.RELEASE);
    stage.say(clinic.releaseText().stripTrailing());
    clinic.release();
    clinic.migrate("medications");
    List<String> losses = losses(before, content(clinic));
    stage.insist(diagnoses > 0 && diagnoses(clinic) == 0, "the column is not gone");
    stage.insist(!losses.isEmpty(), "no row is gone");
    clinic.work();
    long written = written(clinic);
    stage.say("");
    stage.say(
        "The clinic works on, and writes "
            + Units.count(written, "row", "rows")
            + " in these minutes.");

    stage.act("17:58: the pharmacy calls");
    stage.say(
        "gone: secondary diagnoses of " + Units.count(diagnoses, "prescription", "prescriptions"));
    losses.forEach(loss -> stage.say("gone: " + loss));
    stage.say("");
    stage.say("The undo script would bring the column back, but not what was in it.");
    stage.say("Is the database sound, and is there a way back?");
    stage.run("verify-state");
    stage.say("");
    stage.say("Flyway did what it was told, so the structure is in order: only the rows are gone.");
    stage.say("The last backup was proven by a restore, and is from before the release.");
    stage.run("list-backups");

    stage.act("18:02: the way back, while the application goes on asking");
    stage.say("(Without --yes it would show the plan and ask.)");
    long restoring = System.nanoTime();
    Heartbeat heartbeat = Heartbeat.start(databases, target);
    try (heartbeat) {
      stage.must("backup-restore", "latest", "--yes");
    }
    Duration recovery = Duration.ofNanos(System.nanoTime() - restoring);

    stage.act("The proof");
    List<TableContent> restored = content(clinic);
    show(stage, restored);
    boolean back = restored.equals(before) && diagnoses(clinic) == diagnoses;

    stage.act("18:05: and what was written between the backup and the restore?");
    stage.say(
        "It is in the replaced database. Rows that were new there come back; what the migration");
    stage.say("deleted there stays as it is here, and is listed.");
    stage.must("reconcile-data", "latest", "--from", "replaced", "--yes");
    back &= written(clinic) == written && withoutNew(content(clinic), written, before);

    stage.act("The state of things");
    stage.run("list-migrations", "medications");
    stage.run("list-replaced");
    stage.say("");
    stage.say("The damaged database is kept, closed, until somebody discards it by name.");

    back &= new Night(stage, clinic, databases, target).play(page);
    long there = written(clinic);
    back &= there == written;

    stage.act(back ? "Everything is back" : "NOT everything is back: see above");
    stage.say(
        "lost by the migration:  secondary diagnoses of "
            + Units.count(diagnoses, "prescription", "prescriptions"));
    losses.forEach(loss -> stage.say("                        " + loss));
    stage.say("written since, kept:    " + Units.count(there, "row", "rows") + " of " + written);
    stage.say(
        "recovered in:           " + Units.duration(recovery) + ", every row compared by checksum");
    stage.say(
        "outage for clients:     "
            + Units.duration(heartbeat.longest())
            + " at the longest, among "
            + Units.count(heartbeat.beats(), "answer", "answers"));
    stage.say(
        "the whole demo took:    " + Units.duration(Duration.ofNanos(System.nanoTime() - begin)));
    return back;
  }

  private static long written(Clinic clinic) {
    try (Database database = clinic.open()) {
      return ClinicQueries.sinceTheRelease(database);
    }
  }

  private static boolean withoutNew(
      List<TableContent> now, long written, List<TableContent> before) {
    return rows(now) - written == rows(before);
  }

  private static long rows(List<TableContent> content) {
    return content.stream().mapToLong(TableContent::rows).sum();
  }

  private static List<TableContent> content(Clinic clinic) {
    try (Database database = clinic.open()) {
      return ClinicQueries.content(database);
    }
  }

  private static long diagnoses(Clinic clinic) {
    try (Database database = clinic.open()) {
      return ClinicQueries.withSecondaryDiagnoses(database);
    } catch (Failure columnGone) {
      return 0;
    }
  }

  private static void show(Stage stage, List<TableContent> content) {
    TextTable table = new TextTable("TABLE", "ROWS", "CHECKSUM");
    for (TableContent one : content) {
      table.row(one.name(), Units.count(one.rows()), one.checksum());
    }
    table.lines().forEach(stage::say);
  }

  private static List<String> losses(List<TableContent> before, List<TableContent> after) {
    List<String> losses = new java.util.ArrayList<>();
    for (int index = 0; index < before.size(); index++) {
      long gone = before.get(index).rows() - after.get(index).rows();
      if (gone > 0) {
        losses.add(Units.count(gone, "row", "rows") + " of " + before.get(index).name());
      }
    }
    return losses;
  }

  private static void sayHowToPlayOn(Stage stage, ServerPlace place, Target target) {
    stage.act("The server keeps running");
    stage.say("connect:   psql postgresql://postgres@localhost:" + target.port() + "/clinic");
    stage.say("play on:   cd " + ShellWords.quote(clinic(place).toString()));
    launcherNotOnPath()
        .ifPresent(
            bin ->
                stage.say("           export PATH=" + ShellWords.quote(bin.toString()) + ":$PATH"));
    stage.say("           belay list-backups");
    stage.say("           belay validate-backup latest --level sound");
    stage.say("           belay undo-restore        # the damaged database, back in its place");
    stage.say("           belay emergency-rollback  # and away with it again");
    stage.say("stop it:   belay demo --stop");
  }

  /** The folder of Belay's launcher, where typing {@code belay} would not find it. */
  private static Optional<Path> launcherNotOnPath() {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "belay"))) {
        return Optional.empty();
      }
    }
    try {
      Path jar = Path.of(Demo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Optional.of(jar.resolveSibling("../bin").normalize())
          .filter(bin -> Files.isExecutable(bin.resolve("belay")));
    } catch (URISyntaxException noFile) {
      return Optional.empty();
    }
  }
}
