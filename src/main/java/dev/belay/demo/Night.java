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
    stage.act("Two weeks later: the next release is to go out at night, and nobody will be there");
    stage.say("Two migrations, and a pharmacy that is open all night:");
    for (String script : List.of("V4__storage.sql", "V5__dispensed_once.sql")) {
      stage.say("");
      stage.say("-- " + script);
      stage.say(Clinic.nightText(script).stripTrailing());
    }
    stage.say("");
    stage.say(
        "The second one works on an empty database, so no rehearsal without rows finds it out.");
    stage.say("belay.yaml says who is told when something goes wrong:");
    Clinic.notify(catcher.mailPort(), catcher.webPort()).lines().forEach(stage::say);
    stage.must("create-trigger", "--", "belay", "migrate", "medications", "--yes");

    stage.act("02:30: cron runs it");
    long written;
    long refused;
    try (Pharmacy pharmacy = Pharmacy.start(databases, target)) {
      stage.script(TRIGGER);
      pharmacy.close();
      written = pharmacy.noted();
      refused = pharmacy.failed();
    }

    stage.act("02:31: what people got meanwhile");
    List<List<String>> caught = catcher.caught();
    caught.forEach(message -> message.forEach(stage::say));

    stage.act("08:00: what the team finds");
    stage.run("list-migrations", "medications");
    boolean back = atRest().equals(before) && dispensed() == dispensed + written;
    stage.say("");
    stage.say(
        back
            ? "every table is as it was, by checksum"
            : "NOT everything is as it was: the tables differ");
    stage.say(
        "written by the pharmacy meanwhile: %s, all of them there; it was refused %s"
            .formatted(Units.count(written, "row", "rows"), Units.count(refused, "time", "times")));
    return back && !caught.isEmpty();
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
