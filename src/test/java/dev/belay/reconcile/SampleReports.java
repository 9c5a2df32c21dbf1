package dev.belay.reconcile;

import dev.belay.core.TableName;
import dev.belay.diff.Decision;
import dev.belay.diff.Difference;
import dev.belay.diff.RowSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reports as they may be: an ordinary night, hostile names and values, thousands of tables. */
final class SampleReports {
  static final Instant AT = Instant.parse("2026-03-14T02:17:09Z");

  /** Everything that breaks pages that were put together carelessly. */
  static final List<String> HOSTILE =
      List.of(
          "</script><script>document.title='broken'</script>",
          "\"><img src=x onerror=\"document.title='broken'\">",
          "' onmouseover='document.title=1",
          "</style><style>body{display:none}</style>",
          "<!-- --><svg onload=document.title='broken'>",
          "&lt;b&gt; &amp; &#x3c;b>",
          "abc\u202Edcba\u2066x\u2069",
          "bell\u0007 null\u0001 esc\u001b[31m del\u007f",
          "one\ntwo\r\nthree\tfour",
          "zero\u200bwidth\ufeffmark",
          "lone \ud800 half",
          "<a href=\"https://example.org/\">x</a> url(https://example.org/y)",
          "日本語 עברית 😀 Ünïcode",
          "x".repeat(1_000_000));

  private SampleReports() {}

  static ReconcileReport ordinary() {
    return report(false, List.of(ordinaryPass()), remaining());
  }

  static ReconcileReport plan() {
    return report(true, List.of(planned()), List.of());
  }

  static ReconcileReport clean() {
    List<TableAnswer> tables =
        IntStream.range(0, 14).mapToObj(n -> equal("public", "ward_" + n)).toList();
    return report(
        false,
        List.of(
            new Pass(
                Origin.BACKUP,
                "clinic_20260314_013000",
                null,
                "add-missing",
                false,
                tables,
                List.of(),
                new Pass.Done(0, 0, 0, 0, List.of(), 1))),
        List.of());
  }

  static ReconcileReport many(int tables) {
    List<TableAnswer> all = new ArrayList<>();
    for (int n = 0; n < tables; n++) {
      all.add(
          n % 4 == 0
              ? answer(
                  "tenant_" + n % 97,
                  "orders_%04d".formatted(n),
                  n,
                  n % 3,
                  n % 5,
                  n % 7 == 0 ? 1 : 0,
                  List.of(added(n), conflict(n)))
              : equal("tenant_" + n % 97, "orders_%04d".formatted(n)));
    }
    return report(
        false,
        List.of(
            new Pass(
                Origin.BACKUP,
                "clinic_20260314_013000",
                null,
                "overwrite",
                false,
                all,
                List.of(),
                new Pass.Done(1, 2, 3, 0, List.of(), 1))),
        remaining());
  }

  static ReconcileReport hostile() {
    return hostile("https://example.org");
  }

  /**
   * The same with values that would make a careless page load something.
   *
   * @param from where it would load it from
   */
  static ReconcileReport hostile(String from) {
    List<String> values = new ArrayList<>(HOSTILE);
    values.add("\"><img src=\"" + from + "/image\"><link rel=stylesheet href=" + from + "/style>");
    values.add("</style><style>@import '" + from + "/import';*{background:url(" + from + "/u)}");
    List<TableAnswer> tables = new ArrayList<>();
    for (String evil : values) {
      String name = evil.substring(0, Math.min(evil.length(), 63));
      Map<String, @Nullable String> key = new LinkedHashMap<>();
      key.put(name, evil);
      tables.add(
          new TableAnswer(
              new TableName(name, name),
              10,
              10,
              1,
              1,
              0,
              true,
              1,
              0,
              0,
              1,
              0,
              new Written(1, 1, 0),
              List.of(new LostColumn(name, name, 3)),
              List.of(
                  Shortened.row(
                      new RowSample(
                          Difference.Kind.CHANGED,
                          Decision.CONFLICT,
                          Difference.Base.OTHER,
                          key,
                          List.of(
                              new RowSample.Cell(name, evil, evil + "!"),
                              new RowSample.Cell("empty", "", null)))),
                  Shortened.row(
                      new RowSample(
                          Difference.Kind.MISSING,
                          Decision.ADD,
                          Difference.Base.ABSENT,
                          key,
                          List.of(new RowSample.Cell(name, evil, null))))),
              List.of(evil.substring(0, Math.min(200, evil.length())))));
    }
    String evil = String.join(" ", HOSTILE.subList(0, 12));
    return new ReconcileReport(
        evil + "@host:5432",
        evil,
        AT,
        false,
        AT,
        12_345,
        List.of(
            new Pass(
                Origin.EXPORT,
                evil,
                evil,
                evil,
                true,
                tables,
                List.of(evil),
                new Pass.Done(1, 2, 3, 4, List.of(evil), 2))),
        List.of(new MissingTable(new TableName(evil, evil), 3, evil)),
        List.of(evil),
        List.of(new Checked(evil, evil, 3, List.of(evil))),
        List.of(new Phase(evil, AT, 10, evil)),
        List.of(new Onward(evil, evil)),
        List.of(evil),
        null,
        null);
  }

  private static List<String> remaining() {
    return List.of(
        "2 rows of public.appointments are in conflict: both sides gave their keys to new rows",
        "the column public.patients.triage_code is only in the replaced database: 412 values");
  }

  private static ReconcileReport report(boolean dryRun, List<Pass> passes, List<String> remaining) {
    return new ReconcileReport(
        "clinic@db1.example.org:5432",
        "clinic_20260314_013000",
        AT.minusSeconds(2829),
        dryRun,
        AT,
        48_211,
        passes,
        remaining.isEmpty()
            ? List.of()
            : List.of(
                new MissingTable(
                    new TableName("public", "audit_2025"),
                    18_204,
                    "belay backup-restore clinic_20260314_013000 --table public.audit_2025")),
        remaining,
        dryRun
            ? List.of()
            : List.of(
                new Checked(
                    "foreign-key-orphan", "A row refers to one that is not there.", 0, List.of()),
                new Checked(
                    "sequence-behind",
                    "A sequence will give values that are taken.",
                    remaining.isEmpty() ? 0 : 1,
                    remaining.isEmpty()
                        ? List.of()
                        : List.of("public.visits_id_seq is at 400, the column at 412"))),
        List.of(
            new Phase("verify the backup", AT, 1_420, "38 files, every checksum is right"),
            new Phase(
                "restore it in a scratch database",
                AT.plusSeconds(2),
                31_000,
                "1,204,331 rows, equal to the manifest"),
            new Phase("compare", AT.plusSeconds(33), 9_120, "3 of 17 tables differ"),
            new Phase(
                "merge", AT.plusSeconds(42), 3_200, "127 rows added, 14 changed, one transaction"),
            new Phase("check", AT.plusSeconds(46), 800, "1 problem")),
        List.of(
            new Onward("to look at what is kept", "belay list-replaced"),
            new Onward(
                "when nothing in it is needed any more",
                "belay discard-replaced clinic_replaced_20260314_021102")),
        List.of("the replaced database accepted connections for 34 ms in all"),
        null,
        null);
  }

  private static Pass ordinaryPass() {
    return new Pass(
        Origin.REPLACED,
        "clinic_replaced_20260314_021102",
        "clinic_20260314_013000",
        "three-way",
        false,
        tables(),
        List.of("15 triggers stay on: public.visits.log_visit and 14 more"),
        new Pass.Done(127, 14, 0, 1, List.of("public.visits_id_seq was set from 371 to 498"), 2));
  }

  private static Pass planned() {
    return new Pass(
        Origin.REPLACED,
        "clinic_replaced_20260314_021102",
        "clinic_20260314_013000",
        "add-missing",
        false,
        tables(),
        List.of(),
        null);
  }

  private static List<TableAnswer> tables() {
    List<TableAnswer> tables = new ArrayList<>();
    tables.add(
        answer(
            "public",
            "appointments",
            112,
            0,
            0,
            2,
            List.of(added(4711), added(4712), conflict(4700), conflict(4701))));
    tables.add(
        new TableAnswer(
            new TableName("public", "patients"),
            8_112,
            8_101,
            15,
            18,
            3,
            true,
            15,
            14,
            0,
            0,
            7,
            new Written(15, 16, 2),
            List.of(new LostColumn("triage_code", "character varying(8)", 412)),
            List.of(added(812), changed(77), left(12)),
            List.of("compared by: id, name, born, address, note")));
    tables.add(
        new TableAnswer(
            new TableName("Reports \"2026\"", "monthly totals"),
            40,
            41,
            0,
            0,
            1,
            false,
            0,
            0,
            1,
            0,
            0,
            null,
            List.of(),
            List.of(removed()),
            List.of()));
    for (int n = 0; n < 14; n++) {
      tables.add(equal("public", "ward_" + n));
    }
    return tables;
  }

  private static TableAnswer answer(
      String schema,
      String table,
      long add,
      long change,
      long left,
      long conflicts,
      List<RowSample> rows) {
    return new TableAnswer(
        new TableName(schema, table),
        5_000 + add,
        5_000,
        add,
        change + left + conflicts,
        0,
        true,
        add,
        change,
        0,
        conflicts,
        left,
        new Written(add + conflicts, change, 0),
        List.of(),
        rows,
        List.of());
  }

  private static TableAnswer equal(String schema, String table) {
    return new TableAnswer(
        new TableName(schema, table),
        100,
        100,
        0,
        0,
        0,
        true,
        0,
        0,
        0,
        0,
        0,
        new Written(0, 0, 0),
        List.of(),
        List.of(),
        List.of());
  }

  private static RowSample added(int id) {
    return new RowSample(
        Difference.Kind.MISSING,
        Decision.ADD,
        Difference.Base.ABSENT,
        key(id),
        List.of(
            new RowSample.Cell("id", String.valueOf(id), null),
            new RowSample.Cell("patient", "Grace Hopper", null),
            new RowSample.Cell("at", "2026-03-14 01:52:40+00", null),
            new RowSample.Cell("note", null, null)));
  }

  private static RowSample conflict(int id) {
    return new RowSample(
        Difference.Kind.CHANGED,
        Decision.CONFLICT,
        Difference.Base.ABSENT,
        key(id),
        List.of(
            new RowSample.Cell("patient", "Ada Lovelace", "Alan Turing"),
            new RowSample.Cell("at", "2026-03-14 01:58:03+00", "2026-03-14 02:14:55+00"),
            new RowSample.Cell("note", "called twice, comes at noon", null)));
  }

  private static RowSample changed(int id) {
    return new RowSample(
        Difference.Kind.CHANGED,
        Decision.CHANGE,
        Difference.Base.LIKE_TARGET,
        key(id),
        List.of(
            new RowSample.Cell(
                "address",
                "12 St James's Square, London SW1Y 4JH, second floor",
                "10 St James's Square, London SW1Y 4JH"),
            new RowSample.Cell("balance", "12.50", "12.5")));
  }

  private static RowSample left(int id) {
    return new RowSample(
        Difference.Kind.EXTRA,
        Decision.LEAVE,
        Difference.Base.LIKE_TARGET,
        key(id),
        List.of(new RowSample.Cell("name", null, "Edsger Dijkstra")));
  }

  private static RowSample removed() {
    return new RowSample(
        Difference.Kind.EXTRA,
        Decision.REMOVE,
        Difference.Base.UNKNOWN,
        Map.of("month", "2026-02", "total", "1204"),
        List.of());
  }

  private static Map<String, @Nullable String> key(int id) {
    Map<String, @Nullable String> key = new LinkedHashMap<>();
    key.put("id", String.valueOf(id));
    return key;
  }
}
