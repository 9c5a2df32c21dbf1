package dev.belay.demo;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;

/** Looks at the clinic's tables without any help from Belay: plain SQL that anyone could type. */
final class ClinicQueries {
  private static final List<String> TABLES =
      List.of(
          "users.account",
          "users.sign_in",
          "medications.medication",
          "medications.patient",
          "medications.prescription",
          "medications.dispensing");

  private static final String CONTENT =
      """
      select count(*), coalesce(md5(string_agg(t::text, E'\\n' order by t.id)), '-')
        from %s t
      """;

  private ClinicQueries() {}

  /** Every table with its rows and their checksum, in an order that never changes. */
  static List<TableContent> content(Database database) {
    List<TableContent> content = new ArrayList<>();
    for (String table : TABLES) {
      content.add(
          database.one(
              CONTENT.formatted(table),
              row -> new TableContent(table, row.getLong(1), row.getString(2))));
    }
    return content;
  }

  /** Rows of patients, prescriptions and dispensings that were written since the release. */
  static long sinceTheRelease(Database database) {
    return database.number(
        """
        select (select count(*) from medications.patient where id > 12000)
             + (select count(*) from medications.prescription where patient_id > 12000)
             + (select count(*)
                  from medications.dispensing d
                  join medications.prescription p on p.id = d.prescription_id
                 where p.patient_id > 12000)
        """);
  }

  /** One more is handed out. */
  static void dispense(Database database) {
    database.execute(
        """
        insert into medications.dispensing (prescription_id, dispensed_at, quantity)
        select min(id), now(), 10 from medications.prescription
        """);
  }

  /** The rows of everything but what the pharmacy writes, with their checksums. */
  static List<TableContent> atRest(Database database) {
    return content(database).stream()
        .filter(table -> !table.name().equals("medications.dispensing"))
        .toList();
  }

  /** What was handed out in all. */
  static long dispensed(Database database) {
    return database.number("select count(*) from medications.dispensing");
  }

  /** Prescriptions that say what else the patient has. */
  static long withSecondaryDiagnoses(Database database) {
    return database.number(
        "select count(*) from medications.prescription where secondary_diagnoses <> '{}'");
  }
}
