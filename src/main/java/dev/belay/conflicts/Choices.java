package dev.belay.conflicts;

import dev.belay.flyway.Conflict;
import dev.belay.process.ShellWords;
import java.util.List;

/** The ways out of each sort of conflict, the one that is mostly right first. */
final class Choices {
  private static final String LOG = "git log --all --full-history --oneline -- ";

  private final String app;

  /**
   * @param app the name of the app, as it is typed
   */
  Choices(String app) {
    this.app = app;
  }

  List<Choice> of(Conflict conflict) {
    String migration = conflict.migrations().isEmpty() ? "" : conflict.migrations().get(0);
    String file = conflict.files().isEmpty() ? "" : conflict.files().get(0);
    return switch (conflict.kind()) {
      case UNREADABLE_ROW -> unreadable(migration);
      case SECOND_DELETE ->
          List.of(
              new Choice(
                  "Remove the second of the two rows",
                  "Flyway can read the history again, and the migration stays deleted",
                  List.of(resolve(Resolution.REMOVE_SECOND_DELETE))));
      case DUPLICATE_SCRIPT ->
          List.of(
              new Choice(
                  "Give the newer of the two files a version of its own, if it was applied nowhere",
                  "both are applied, each once",
                  List.of(log(file))),
              new Choice(
                  "Remove the one that was never applied, if it says the same",
                  "nothing changes in any database",
                  List.of(list())));
      case UNREADABLE_SCRIPT ->
          List.of(
              new Choice(
                  "Save the file in the encoding that is configured, or configure the one that it has",
                  "its checksum stays the same, as long as its text does",
                  List.of("file " + quote(file), "belay config")));
      case FAILED_ROW ->
          List.of(
              new Choice(
                  "Look at what it left, and take it away or make the script so that it does not mind; then remove the row",
                  "the next start applies it again",
                  List.of(accept(Resolution.REMOVE_FAILED_ROWS, migration))),
              new Choice(
                  "Do nothing, if somebody is still at it",
                  "no application starts meanwhile",
                  List.of()));
      case MISSING_SCRIPT -> missing(migration);
      case NEWER_THAN_SCRIPTS ->
          List.of(
              new Choice(
                  "Nothing, if the application was set back to an older version on purpose",
                  "it starts; the database keeps what is newer",
                  List.of()),
              new Choice(
                  "Check out the version that the database has",
                  "this notice is gone",
                  List.of(LOG + quote(scripts(migration)))));
      case TYPE_MISMATCH, CHECKSUM_MISMATCH -> changed(conflict, migration, file);
      case DESCRIPTION_MISMATCH ->
          List.of(
              new Choice(
                  "Record the new description, if only the name was changed",
                  "it is done only where the checksum is that of the script",
                  List.of(resolve(Resolution.ALIGN_DESCRIPTIONS))),
              new Choice(
                  "Give the file its old name back",
                  "nothing changes in any database",
                  List.of(log(file))));
      case NOT_APPLIED ->
          List.of(
              new Choice(
                  "Give the script a version that is higher than all that were applied, if no database has it yet",
                  "it is applied by the next start, after all others, everywhere in the same order",
                  List.of(
                      "git mv "
                          + quote(file)
                          + " <the same folder>/<V and a new version>__<description>.sql")),
              new Choice(
                  "Let Flyway apply it late, once, with outOfOrder=true",
                  "this database gets it after newer ones, a new database before them: both must lead to the same",
                  List.of("flyway -outOfOrder=true migrate")));
      case DELETED_AND_HERE ->
          List.of(
              new Choice(
                  "If what it made is still there (after a repair from a checkout without the script): count it as applied again",
                  "the history says again what is true; it is done only where the script has the checksum that was applied",
                  List.of(accept(Resolution.REMOVE_DELETE_ROWS, migration))),
              new Choice(
                  "If it was undone: let Flyway apply it again, once, with outOfOrder=true",
                  "it runs again on this database",
                  List.of("flyway -outOfOrder=true migrate")));
      case DUPLICATE_ROW ->
          List.of(
              new Choice(
                  "Keep the first of the rows, where they are equal",
                  "an undo takes the version back as a whole",
                  List.of(accept(Resolution.REMOVE_DUPLICATE_ROWS, migration))),
              new Choice(
                  "Leave them, if the version is never undone", "nothing changes", List.of()));
      case REQUIREMENT_CYCLE ->
          List.of(
              new Choice(
                  "Remove the line of one of these scripts, or of the setting, that is not really so",
                  "the others can be kept; a line that is a comment changes the checksum, so take one of a script that is still pending, or write the requirement into belay.yaml",
                  List.of("belay config")));
      case REQUIREMENT_UNKNOWN, REQUIREMENT_LATER ->
          List.of(
              new Choice(
                  "Correct the name, or remove the requirement, where it is declared",
                  "a line in a script that was applied changes its checksum: there, write it into belay.yaml instead",
                  List.of(list())));
      case REQUIREMENT_NOT_MET ->
          List.of(
              new Choice(
                  "Apply what is needed first, or take back what needs it",
                  "the declared order is kept",
                  List.of(list())));
      case HISTORY_FORM ->
          List.of(
              new Choice(
                  "Nothing, if a newer Flyway or somebody made it so on purpose",
                  "belay leaves columns that it does not know as they are",
                  List.of()));
      case OUT_OF_ORDER ->
          List.of(new Choice("Nothing, if that was meant", "it stays as it is", List.of(list())));
      case VERSION_FORM ->
          List.of(
              new Choice(
                  "Write the version as the script has it",
                  "nothing changes for Flyway",
                  List.of(resolve(Resolution.RENAME_VERSION_FORM))));
      case NOT_A_MIGRATION ->
          List.of(
              new Choice(
                  "Give it the name of a migration, or move it out of the folder",
                  "it is run, or is no longer in the way",
                  List.of()));
    };
  }

  private List<Choice> unreadable(String migration) {
    return List.of(
        new Choice(
            "If an undo of the paid edition wrote the row, and applications with Flyway OSS are to start: write it as a DELETE row",
            "every Flyway can read it; the version stays undone, and the next start of an application that has its script applies it again",
            List.of(accept(Resolution.CONVERT_UNDO_ROWS, migration))),
        new Choice(
            "Use the edition and version of Flyway that wrote the row, everywhere",
            "nothing changes in the database",
            List.of()));
  }

  private List<Choice> missing(String migration) {
    return List.of(
        new Choice(
            "Bring the script back: find the commit that removed it, and take it from the one before",
            "the application starts, and nothing changes in any database",
            List.of(
                LOG + quote(scripts(migration)),
                "git checkout \"$(git log --all --diff-filter=D -1 --format=%H -- {0})^\" -- {0}"
                    .replace("{0}", quote(scripts(migration))))),
        new Choice(
            "If it is on another branch: merge that branch, or start the application from there",
            "the application starts, and nothing changes in any database",
            List.of(
                "git branch --all --contains \"$(git log --all -1 --format=%H -- {0})\""
                    .replace("{0}", quote(scripts(migration))))),
        new Choice(
            "Let Flyway pass over it, with ignoreMigrationPatterns=*:missing",
            "the application starts; but no other missing script is noticed any more, and a new database is not like this one",
            List.of()),
        new Choice("Do not run 'flyway repair' from this checkout", conflictOfRepair(), List.of()));
  }

  /** The files that a migration may have been, whatever its description. */
  private static String scripts(String migration) {
    return "*" + migration + (migration.contains("__") ? "*" : "__*");
  }

  private static String conflictOfRepair() {
    return "it would mark the migration deleted, though what it made is still there: see above what the next start with all scripts would do";
  }

  private List<Choice> changed(Conflict conflict, String migration, String file) {
    Choice back =
        new Choice(
            "Bring the script back as it was applied, and put the change into a new migration",
            "the application starts, and every database gets the change",
            List.of("git log -p -- " + quote(file)));
    Choice accept =
        new Choice(
            "Accept the script as it is here, if you know that this database is as if it had been applied",
            "the checksum is recorded, nothing else changes; what the change would do, nobody does here",
            List.of(belay("--accept-checksum", migration)));
    return conflict.why().contains("read as")
        ? List.of(
            new Choice(
                "Configure the encoding that the file has: encoding in Flyway's settings, or in a file "
                    + "beside it with the ending .conf",
                "the checksum is the recorded one again, and nothing changes in any database",
                List.of("file " + quote(file))),
            back,
            accept)
        : List.of(back, accept);
  }

  private String resolve(Resolution resolution) {
    return belay("--only", resolution.word());
  }

  private String accept(Resolution resolution, String migration) {
    return belay("--only", resolution.word(), "--accept", migration);
  }

  private String belay(String... options) {
    return "belay resolve-conflicts " + quote(app) + " " + ShellWords.join(List.of(options));
  }

  private String list() {
    return "belay list-migrations " + quote(app);
  }

  private static String log(String file) {
    return LOG + quote(file);
  }

  private static String quote(String word) {
    return ShellWords.quote(word);
  }
}
