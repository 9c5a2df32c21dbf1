package dev.belay.demo;

import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.List;

/** The second incident: at night, with nobody there but a way back that was made beforehand. */
final class Night {
  private static final String TRIGGER = "rollback_scripts/automated_rollback_trigger.sh";

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
   * @return whether everything is as before, with all that was written meanwhile
   */
  boolean play() {
    try (Catcher catcher = Catcher.start()) {
      return play(catcher);
    }
  }

  private boolean play(Catcher catcher) {
    List<TableContent> before = atRest();
    long dispensed = dispensed();
    clinic.nextRelease(catcher.mailPort(), catcher.webPort());
    stage.act("Two weeks later: the next release goes out at night, and nobody will be there");
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

    stage.act("02:30: cron migrates");
    long written;
    long refused;
    try (Pharmacy pharmacy = Pharmacy.start(databases, target)) {
      stage.run("migrate", "medications", "--yes");
      pharmacy.close();
      written = pharmacy.noted();
      refused = pharmacy.failed();
    }
    boolean told = show(catcher);
    boolean back = atRest().equals(before) && dispensed() == dispensed + written;
    stage.say("");
    stage.say(
        back
            ? "Every table is as it was, by checksum."
            : "NOT everything is as it was: the tables differ.");
    stage.say(
        "The pharmacy wrote %s meanwhile, all of them there; it was refused %s."
            .formatted(Units.count(written, "row", "rows"), Units.count(refused, "time", "times")));

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
    List<TableContent> later = content();
    stage.script(TRIGGER);
    told &= show(catcher);
    back &= content().equals(later);

    stage.act("08:00: what the team finds");
    stage.run("list-migrations", "medications");
    stage.say("");
    stage.say("One page about the night: the plan, its steps, what the machine did, who was told.");
    stage.run("report", "latest");
    return back && told;
  }

  /** What people got since the last time. */
  private boolean show(Catcher catcher) {
    stage.say("");
    stage.say("What people got meanwhile:");
    List<List<String>> caught = catcher.caught();
    caught.forEach(
        message -> {
          stage.say("");
          message.forEach(stage::say);
        });
    return !caught.isEmpty();
  }

  private List<TableContent> content() {
    try (Database database = clinic.open()) {
      return ClinicQueries.content(database);
    }
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
