package dev.belay.demo;

import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The second incident: at night, with nobody there but a way back that was made beforehand. */
final class Night {
  private static final String TRIGGER = "rollback_scripts/automated_rollback_trigger.sh";

  /** That of psql when a statement of its script failed. */
  private static final int SCRIPT_FAILED = 3;

  private final Stage stage;
  private final Clinic clinic;
  private final Databases databases;
  private final Target target;

  Night(Stage stage, Clinic clinic, Databases databases, Target target) {
    this.stage = stage;
    this.clinic = clinic;
    this.databases = databases;
    this.target = target;
  }

  /**
   * Plays it.
   *
   * @param page where the report goes
   * @return whether people were told, and everything is as before with all that was written
   *     meanwhile
   */
  boolean play(Path page) {
    try (Catcher catcher = Catcher.start()) {
      return play(catcher, page);
    }
  }

  private boolean play(Catcher catcher, Path page) {
    stage.act("Two weeks later: the next release goes out at night, and nobody will be there");
    clinic.nextRelease(catcher.mailPort(), catcher.webPort());
    stage.say("Two migrations, and a pharmacy that is open all night:");
    for (String script : List.of("V4__storage.sql", "V5__dispensed_once.sql")) {
      stage.say("");
      stage.say("-- " + script);
      stage.say(Clinic.nightText(script).stripTrailing());
    }
    stage.say("");
    stage.say("On an empty database both work, so a test without rows finds nothing.");
    stage.say("belay.yaml says who is told when something goes wrong:");
    stage.say("");
    Clinic.notify(catcher.mailPort(), catcher.webPort()).lines().forEach(stage::say);

    boolean well = migrates(catcher);
    well &= tidies(catcher);

    stage.say("");
    stage.say("One page about the migration of 02:30: plan, steps, charts, log, who was told.");
    stage.must("report", clinic.run("migrate"), "--out", page.toString());
    return well;
  }

  /** A guarded migration fails and is undone, while the pharmacy works. */
  private boolean migrates(Catcher catcher) {
    List<TableContent> before = atRest();
    long dispensed = dispensed();
    stage.act("02:30: cron migrates");
    Pharmacy pharmacy = Pharmacy.start(databases, target);
    try (pharmacy) {
      stage.expect(ExitCode.FAILED, "migrate", "medications", "--yes");
    }
    boolean well = told(catcher);
    boolean kept = pharmacy.wrote(dispensed() - dispensed);
    stage.say("");
    stage.say(
        "The pharmacy wrote %s meanwhile, %s; it was refused %s."
            .formatted(
                Units.count(pharmacy.noted(), "row", "rows"),
                kept ? "all of them there" : "NOT all of them there",
                Units.count(pharmacy.failed(), "time", "times")));
    boolean same = same(before);
    return well && kept && same;
  }

  /** A script of others fails half-way; what its trigger brings back lacks what was written. */
  private boolean tidies(Catcher catcher) {
    stage.act("04:00: a script of another team, which knows neither Flyway nor undo");
    stage.say("It fails half-way, and psql keeps the first half. So cron runs it by a trigger:");
    stage.say("");
    stage.say("-- tidy.sql");
    stage.say(Clinic.nightText("tidy.sql").stripTrailing());
    stage.must(
        "create-trigger",
        "--name",
        "tidy",
        "--policy",
        "restore",
        "--",
        "psql",
        "postgresql://%s@localhost:%d/%s"
            .formatted(target.user(), target.port(), target.database()),
        "-v",
        "ON_ERROR_STOP=1",
        "-f",
        "tidy.sql");
    List<TableContent> before = atRest();
    long dispensed = dispensed();
    Pharmacy pharmacy = Pharmacy.start(databases, target);
    try (pharmacy) {
      Stage.Shown shown = stage.script(TRIGGER);
      stage.insist(shown.status() == SCRIPT_FAILED, "psql ended with %d".formatted(shown.status()));
      // psql writes its error piece by piece, and its two streams may meet in one line.
      stage.insist(
          shown.lines().stream().anyMatch(line -> line.matches(".*DELETE [1-9][0-9]*.*")),
          "tidy.sql deleted nothing");
    }
    boolean well = told(catcher);
    long away = pharmacy.noted() - (dispensed() - dispensed);
    stage.insist(away > 0, "the pharmacy wrote nothing between backup and restore");
    stage.say("");
    stage.say(
        "The restore ended the pharmacy's session. It wrote %s meanwhile, and %s of them are not here:"
            .formatted(Units.count(pharmacy.noted(), "row", "rows"), Units.count(away)));
    stage.say("they came after the trigger's backup, and are in the database that was replaced.");

    stage.act("08:00: what the team finds, and what it brings back");
    stage.run("list-migrations", "medications");
    stage.must("reconcile-data", "latest", "--from", "replaced", "--yes");
    boolean kept = pharmacy.wrote(dispensed() - dispensed);
    stage.say("");
    stage.say(
        "The pharmacy's %s are %s."
            .formatted(
                Units.count(pharmacy.noted(), "row", "rows"),
                kept ? "all there again" : "NOT all there"));
    boolean same = same(before);
    return well && kept && same;
  }

  /** Shows what people got since the last time, and whether they got it by every way. */
  private boolean told(Catcher catcher) {
    stage.say("");
    stage.say("What people got meanwhile:");
    Set<Catcher.Way> silent = EnumSet.allOf(Catcher.Way.class);
    for (Catcher.Caught caught : catcher.caught()) {
      stage.say("");
      caught.lines().forEach(stage::say);
      silent.remove(caught.way());
    }
    silent.forEach(way -> stage.say("NOTHING came by " + way.words()));
    return silent.isEmpty();
  }

  /** Whether everything but what the pharmacy writes is as it was. */
  private boolean same(List<TableContent> before) {
    boolean same = atRest().equals(before);
    stage.say(
        same
            ? "Every other table is as it was, by checksum."
            : "NOT everything is as it was: the tables differ.");
    return same;
  }

  private List<TableContent> atRest() {
    try (Database database = clinic.open()) {
      return ClinicQueries.atRest(database);
    }
  }

  private long dispensed() {
    try (Database database = clinic.open()) {
      return ClinicQueries.dispensed(database);
    }
  }
}
