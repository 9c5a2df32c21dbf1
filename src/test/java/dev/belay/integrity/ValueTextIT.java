package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any change of any value of any type changes the fingerprint. */
@Timeout(120)
class ValueTextIT {
  /**
   * For each built-in type values that all differ, though many of them are equal by its {@code =}.
   */
  private static final Map<String, List<String>> VALUES = values();

  private final Lab lab = new Lab("values");

  @AfterEach
  void drop() {
    lab.close();
  }

  @Test
  void everyBuiltInTypeIsTried() {
    List<String> types =
        lab.session()
            .list(
                """
                select typname
                  from pg_type
                 where typnamespace = 'pg_catalog'::regnamespace
                   and typtype in ('b', 'r', 'm')
                   and typcategory <> 'A'
                   and typname not in ('pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'gtsvector',
                       'pg_mcv_list', 'pg_brin_bloom_summary', 'pg_brin_minmax_multi_summary')
                """,
                row -> row.getString(1));

    assertThat(types).hasSizeGreaterThan(50).allMatch(VALUES::containsKey);
  }

  @Test
  void differentValuesOfATypeHaveDifferentHashes() {
    for (Map.Entry<String, List<String>> type : present().entrySet()) {
      fill(type.getKey(), type.getValue());

      List<String> hashes = hashes();

      assertThat(new HashSet<>(hashes))
          .as("%s: %s", type.getKey(), type.getValue())
          .hasSameSizeAs(hashes)
          .hasSize(type.getValue().size() + 1);
    }
  }

  @Test
  void anyOneChangedValueChangesTheSum() {
    for (Map.Entry<String, List<String>> type : present().entrySet()) {
      fill(type.getKey(), type.getValue());
      Fingerprint before = lab.of("t");

      lab.run("update public.t set v = (select v from public.t where id = 1) where id = 2");
      Fingerprint doubled = lab.of("t");
      lab.run("update public.t set v = null where id = 2");
      Fingerprint missing = lab.of("t");

      assertThat(List.of(before, doubled, missing)).as(type.getKey()).doesNotHaveDuplicates();
      assertThat(doubled.rows()).isEqualTo(before.rows());
    }
  }

  @Test
  void differentArraysOfATypeHaveDifferentHashes() {
    for (Map.Entry<String, List<String>> type : present().entrySet()) {
      fill(type.getKey(), type.getValue());
      lab.run(
          "create table public.a as"
              + " select array[v] as v from public.t"
              + " union all select array(select v from public.t where false)"
              + " union all select array[[v]] from public.t where id = 1"
              + " union all select array[v, null] from public.t where id = 1"
              + " union all select array[null, v] from public.t where id = 1",
          "drop table public.t",
          "alter table public.a rename to t");

      List<String> hashes = hashes();

      assertThat(new HashSet<>(hashes)).as(type.getKey()).hasSameSizeAs(hashes);
    }
  }

  private List<String> hashes() {
    List<ColumnShape> column =
        lab.shape("t").columns().stream().filter(each -> each.name().equals("v")).toList();
    return lab.session()
        .list(
            "select %s from public.t as %s".formatted(RowHash.of(column), RowHash.ALIAS),
            row -> row.getString(1));
  }

  /** With a row of null at the end, and no other column that differs. */
  private void fill(String type, List<String> values) {
    lab.run(
        "drop table if exists public.t",
        "create table public.t (id int, v %s)".formatted(quoted(type)));
    int id = 0;
    for (String value : values) {
      lab.session().execute("insert into public.t select ?, ? :: " + quoted(type), ++id, value);
    }
    lab.run("insert into public.t values (0, null)");
  }

  private static String quoted(String type) {
    return "pg_catalog.\"" + type + '"';
  }

  private Map<String, List<String>> present() {
    List<String> types = lab.session().list("select typname from pg_type", row -> row.getString(1));
    Map<String, List<String>> present = new TreeMap<>(VALUES);
    present.keySet().retainAll(types);
    if (!hasXml()) {
      present.remove("xml");
    }
    return present;
  }

  /** A server can be built without it; then the type is there and takes no values. */
  private boolean hasXml() {
    try {
      return lab.session().number("select octet_length(concat(xml '<a/>'))") > 0;
    } catch (Failure without) {
      return false;
    }
  }

  private static Map<String, List<String>> values() {
    Map<String, List<String>> values = new TreeMap<>();
    values.put("bool", List.of("true", "false"));
    values.put("bytea", List.of("\\x", "\\x00", "\\x0000", "\\x1e", "\\x1f", "\\x001f"));
    values.put("char", List.of("a", "b", "A", "\u001e", "\u001f"));
    values.put("name", List.of("", "a", "A", "a ", "\u001e"));
    values.put("int8", List.of("0", "4294967296", "4294967297", "1", "-1"));
    values.put("int2", List.of("0", "1", "-1", "256"));
    values.put("int4", List.of("0", "1", "-1", "65536"));
    values.put(
        "text",
        List.of(
            "",
            " ",
            "a",
            "a ",
            " a",
            "A",
            "\u001e",
            "\u001f",
            "\u001f\u001e",
            "\u001e\u001f",
            "\u00e9",
            "e\u0301",
            "\\N",
            "NULL",
            "0"));
    values.put("varchar", values.get("text"));
    values.put("bpchar", List.of("", " ", "a", "a ", "a  ", "A", "\u001e"));
    values.put("oid", List.of("0", "1", "4294967295"));
    values.put("tid", List.of("(0,1)", "(1,0)", "(1,1)"));
    values.put("xid", List.of("1", "2"));
    values.put("cid", List.of("1", "2"));
    values.put("xid8", List.of("1", "4294967297"));
    values.put("json", List.of("{\"a\":1}", "{\"a\": 1}", "1.0", "1.00", "null"));
    values.put("jsonb", List.of("{\"a\": 1}", "1.0", "1.00", "1", "null", "\"null\"", "{}", "[]"));
    values.put("jsonpath", List.of("$", "$.a", "$[*]"));
    values.put("xml", List.of("<a/>", "<a></a>", "<a>\u001f</a>".replace("\u001f", " ")));
    values.put("point", List.of("(1,2)", "(2,1)", "(0,0)", "(-0,0)", "(0,-0)"));
    values.put("lseg", List.of("[(0,0),(1,1)]", "[(1,1),(0,0)]"));
    values.put("path", List.of("[(0,0),(1,1)]", "((0,0),(1,1))"));
    values.put("box", List.of("(1,1),(0,0)", "(2,1),(0,0)"));
    values.put("polygon", List.of("((0,0),(1,1))", "((1,1),(0,0))"));
    values.put("line", List.of("{1,2,3}", "{1,2,4}"));
    values.put("circle", List.of("<(0,0),1>", "<(0,0),1.0000000000000002>"));
    values.put("float4", List.of("0", "-0", "0.1", "0.10000001", "NaN", "Infinity", "1e-45"));
    values.put("float8", List.of("0", "-0", "0.3", "0.30000000000000004", "NaN", "-Infinity"));
    values.put("money", List.of("1", "2", "-1", "1000.01"));
    values.put("macaddr", List.of("08:00:2b:01:02:03", "08:00:2b:01:02:04"));
    values.put("macaddr8", List.of("08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:06"));
    values.put("inet", List.of("10.0.0.1", "10.0.0.1/8", "10.0.0.0/8", "::1"));
    values.put("cidr", List.of("10.0.0.0/8", "10.0.0.0/16", "::/0"));
    values.put("date", List.of("2000-01-01", "2000-01-01 BC", "infinity", "-infinity"));
    values.put("time", List.of("00:00", "24:00", "00:00:00.000001"));
    values.put("timetz", List.of("12:00+00", "13:00+01", "12:00:00.000001+00"));
    values.put("timestamp", List.of("2000-01-01", "2000-01-01 00:00:00.000001", "infinity"));
    values.put("timestamptz", List.of("2000-01-01 00:00+00", "2000-01-01 00:00+01", "infinity"));
    values.put(
        "interval", List.of("24:00", "1 day", "1 mon", "30 days", "720:00", "-1 day +24:00"));
    values.put("bit", List.of("0", "1"));
    values.put("varbit", List.of("", "0", "00", "1"));
    values.put("numeric", List.of("1", "1.0", "1.00", "0", "0.0", "-1", "NaN", "1e30"));
    values.put("refcursor", List.of("a", "b"));
    values.put("regproc", List.of("now", "version"));
    values.put("regprocedure", List.of("now()", "version()"));
    values.put("regoper", List.of("|/", "||/"));
    values.put("regoperator", List.of("+(int4,int4)", "-(int4,int4)"));
    values.put("regclass", List.of("pg_class", "pg_type"));
    values.put("regtype", List.of("int4", "int8"));
    values.put("regrole", List.of("pg_monitor", "pg_read_all_settings"));
    values.put("regnamespace", List.of("pg_catalog", "information_schema"));
    values.put("regconfig", List.of("simple", "english"));
    values.put("regdictionary", List.of("simple", "english_stem"));
    values.put("regcollation", List.of("\"C\"", "\"POSIX\""));
    values.put("regdatabase", List.of("postgres", "template1"));
    values.put(
        "uuid",
        List.of("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"));
    values.put("pg_lsn", List.of("0/1", "1/0"));
    values.put("tsvector", List.of("a", "a:1", "a:1A", "a b"));
    values.put("tsquery", List.of("a", "a & b", "a | b", "!a"));
    values.put("txid_snapshot", List.of("10:20:", "10:20:10", "10:21:"));
    values.put("pg_snapshot", List.of("10:20:", "10:20:10", "10:21:"));
    values.put("aclitem", List.of("=r/pg_monitor", "pg_monitor=r/pg_monitor", "=w/pg_monitor"));
    values.put("int2vector", List.of("1 2", "2 1", "12"));
    values.put("oidvector", List.of("1 2", "2 1", "12"));
    List<String> ranges = List.of("empty", "(,)", "[1,3)", "[1,4)");
    List<String> days = List.of("empty", "(,)", "[2000-01-01,2000-01-03)", "[2000-01-01,)");
    values.put("int4range", ranges);
    values.put("int8range", ranges);
    values.put("numrange", plus(ranges, "[1.0,3)", "(1,3]", "[1,3]"));
    values.put("daterange", days);
    values.put("tsrange", days);
    values.put("tstzrange", days);
    values.put("int4multirange", braces(ranges));
    values.put("int8multirange", braces(ranges));
    values.put("nummultirange", braces(values.get("numrange")));
    values.put("datemultirange", braces(days));
    values.put("tsmultirange", braces(days));
    values.put("tstzmultirange", braces(days));
    return values;
  }

  private static List<String> plus(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  private static List<String> braces(List<String> ranges) {
    return ranges.stream().map(range -> range.equals("empty") ? "{}" : "{" + range + "}").toList();
  }
}
