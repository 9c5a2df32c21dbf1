package dev.belay.integrity;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads sequences. */
final class SequenceQueries {
  private static final int PER_QUERY = 100;
  private static final int NAMES_SHOWN = 5;

  private static final String SEQUENCES =
      """
      select n.nspname, c.relname, s.seqincrement, s.seqcycle,
             pg_catalog.has_schema_privilege(n.oid, 'usage')
               and pg_catalog.has_sequence_privilege(c.oid, 'select')
        from pg_catalog.pg_sequence s
        join pg_catalog.pg_class c on c.oid = s.seqrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
         and not exists (
               select from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = c.oid
                  and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                  and d.deptype = 'e')
      """;

  private record Listed(TableName name, long increment, boolean cycles, boolean readable) {}

  private record Value(int number, long lastValue, boolean called) {}

  private SequenceQueries() {}

  static List<SequenceState> read(Database session) {
    List<Listed> listed =
        session
            .list(
                SEQUENCES,
                row ->
                    new Listed(
                        new TableName(row.getString(1), row.getString(2)),
                        row.getLong(3),
                        row.getBoolean(4),
                        row.getBoolean(5)))
            .stream()
            .sorted(Comparator.comparing(Listed::name))
            .toList();
    refuseUnreadable(session, listed);
    List<SequenceState> states = new ArrayList<>();
    for (int from = 0; from < listed.size(); from += PER_QUERY) {
      states.addAll(
          values(session, listed.subList(from, Math.min(listed.size(), from + PER_QUERY))));
    }
    return states;
  }

  private static void refuseUnreadable(Database session, List<Listed> listed) {
    List<String> names =
        listed.stream().filter(each -> !each.readable()).map(each -> each.name().plain()).toList();
    if (!names.isEmpty()) {
      String more =
          names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "";
      throw Failure.unavailable(
          "user \"%s\" may not read the sequences %s%s (%s)"
              .formatted(
                  session.target().user(),
                  String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size()))),
                  more,
                  session.target()),
          "grant SELECT on them and USAGE on their schemas, or use another user");
    }
  }

  private static List<SequenceState> values(Database session, List<Listed> listed) {
    StringBuilder sql = new StringBuilder();
    for (int number = 0; number < listed.size(); number++) {
      sql.append(number == 0 ? "" : " union all ")
          .append("select ")
          .append(number)
          .append(", last_value, is_called from ")
          .append(listed.get(number).name());
    }
    return session
        .list(sql.toString(), row -> new Value(row.getInt(1), row.getLong(2), row.getBoolean(3)))
        .stream()
        .sorted(Comparator.comparingInt(Value::number))
        .map(
            value -> {
              Listed of = listed.get(value.number());
              return new SequenceState(
                  of.name(), value.lastValue(), value.called(), of.increment(), of.cycles());
            })
        .toList();
  }
}
