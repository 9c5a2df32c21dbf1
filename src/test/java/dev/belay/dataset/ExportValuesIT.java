package dev.belay.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of every type come back bit for bit. */
@Timeout(120)
class ExportValuesIT {
  private final Path folder;

  ExportValuesIT(@TempDir Path folder) {
    this.folder = folder;
  }

  /** What makes the schema; then the values. */
  private static final List<String> SCHEMA =
      List.of(
          "create schema \"Ä \"\"quoted\"\"; drop table x\"",
          "create type public.mood as enum ('sad', 'ok', 'hap\"p,y', 'null')",
          "create type public.pair as (a integer, \"b c\" text, d numeric[])",
          "create domain public.score as numeric(10, 3) check (value > -1000)",
          "create domain public.document as jsonb",
          "create extension hstore schema public",
          "create extension citext schema public",
          "create table public.extended (h public.hstore, c public.citext, ha public.hstore[])",
          """
          create table "Ä ""quoted""; drop table x"."T.a""b\\" (
            id bigint generated always as identity primary key,
            "select" smallint, "Ünï ""c""\" integer, n numeric, n2 numeric(12, 4), r real,
            d double precision, o oid, b boolean, t text, v varchar(20), c char(5), nm name,
            "char" "char", bt bytea, dt date, tm time, tz timetz, ts timestamp, tt timestamptz,
            iv interval, j json, jb jsonb, u uuid, ip inet, ci cidr, mac macaddr, mac8 macaddr8,
            bi bit(3), vb varbit, mo money, x xml, tv tsvector, tq tsquery, lsn pg_lsn, p point,
            l line, ls lseg, bx box, pa path, po polygon, cr circle, ir int4range, nr numrange,
            tr tstzrange, mr int4multirange, md datemultirange, ia integer[], ta text[], iaa integer[],
            e public.mood, ea public.mood[], co public.pair, ca public.pair[], s public.score,
            doc public.document, rc regclass, rt regtype, jp jsonpath, x8 xid8,
            twice bigint generated always as (id * 2) stored)
          """,
          "create table public.nothing ()",
          "create table public.generated_only (a integer, b integer generated always as (a) stored)",
          "alter table public.generated_only drop column a cascade",
          "create table public.single (t text)",
          "create table public.empty (a integer, b text)",
          "create table public.parent (id integer, t text)",
          "create table public.child (more text) inherits (public.parent)",
          "create table public.parts (id integer, d date, t text) partition by range (id)",
          "create table public.parts_1 (t text, d date, id integer)",
          "alter table public.parts attach partition public.parts_1 for values from (0) to (10)",
          "create table public.parts_2 partition of public.parts for values from (10) to (20)"
              + " partition by list (t)",
          "create table public.parts_2_a partition of public.parts_2 for values in ('a')",
          "create table public.unparted (id integer) partition by range (id)");

  private static final String T = "\"Ä \"\"quoted\"\"; drop table x\".\"T.a\"\"b\\\"";

  private static final List<String> VALUES =
      List.of(
          "insert into " + T + " default values",
          "insert into "
              + T
              + " (\"select\", \"Ünï \"\"c\"\"\", n, n2, r, d, o, b, t, v, c, nm, \"char\", bt, dt, tm, tz, ts, tt, iv, j, jb)"
              + " values (-32768, 2147483647, 'NaN', 1.5, 'NaN', '-Infinity', 4294967295, true, '',"
              + " '\\N', 'a', 'x', '\\377', '\\x', '4713-01-01 BC', '24:00', '23:59:59.999999+15:59',"
              + " '0044-03-15 12:00 BC', 'infinity', '-1 year 2 mons -3 days 04:05:06.7', ' {\"b\":1,\n\t\"b\" : [1.0 ]} ', 'null')",
          "insert into "
              + T
              + " (n, n2, r, d, t, v, c, nm, \"char\", bt, dt, ts, tt, iv, j, jb, b) values"
              + " ('Infinity', -0.0001, '1e-45', 'NaN', E'\\t\\n\\r\\b\\f\\x0b\\x01\\x1f\\x7f\\\\\\\"/', '\\.', '', '', '', '\\x00ff5c22', 'infinity',"
              + " '-infinity', '294276-12-31 23:59:59.999999Z', '178000000 years', 'null', '\"text \\\\ \\\" \\u2028\"', false)",
          "insert into "
              + T
              + " (n, r, d, t, j, jb) values ('-Infinity', '-0', '-0', E'\\u2028\\u2029\\uFEFF\\U0001F600é\\\\u0000\\\\ud800 \\\\N \\\\.', '\"\\ud83d\\u0000\"', '{\"a\": {}, \"\": [], \"k\\\"\\\\\": [null, true, 1.500, \"\\\\\\n\", -0.0, 1e400]}')",
          "insert into "
              + T
              + " (n, d, jb, j) values ("
              + "9".repeat(500)
              + "."
              + "0".repeat(300)
              + ", '1.7976931348623157e308', '12345678901234567890.10', '[1,\r\n2]')",
          "insert into "
              + T
              + " (n, d, jb) values (0.00000000000000000000000000000000000001, 5e-324, 'true')",
          "insert into "
              + T
              + " (u, ip, ci, mac, mac8, bi, vb, mo, x, tv, tq, lsn, p, l, ls, bx, pa, po, cr) values ("
              + "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.0.0.1/8', '::/0', '08:00:2b:01:02:03',"
              + " '08:00:2b:01:02:03:04:05', B'101', B'', '-92233720368547758.08', '<a b=\"c\">&lt;\n</a>',"
              + " '''it''''s'':1A,2 b \\\\', '''a'' & !b', '16/B374D848', '(0.1,-0)', '{1,2,3}',"
              + " '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,1))', '<(0,0),1.0000000000000002>')",
          "insert into "
              + T
              + " (ir, nr, tr, mr, md, ia, ta, iaa, e, ea, co, ca, s, doc, rc, rt, jp, x8) values ("
              + "'empty', '[1.0,)', '[2000-01-01,infinity)', '{[1,3),[5,)}', '{}', '[-1:1]={1,NULL,3}',"
              + " array['', 'NULL', null, '{\"a\\b', E'\\t\\n'], '{{1,2},{3,4}}', 'hap\"p,y', '{sad,null,\"hap\\\"p,y\"}',"
              + " row(null, 'x, \"y\" \\ (z)', array[1.50, null]), array[row(1, '', null), null]::public.pair[], 1.230,"
              + " '\"domain\"', 'pg_catalog.pg_class', 'integer[]', '$.\"a b\"[*] ? (@ > 1)', '4294967297')",
          "insert into public.extended values ('\"a=>\"=>\"\\\"\\\\\", b=>null', 'MiXed', array['x=>1'::public.hstore, null])",
          "insert into public.nothing default values",
          "insert into public.nothing default values",
          "insert into public.generated_only default values",
          "insert into public.single values (null), (''), ('\\N'), ('\\.'), (E'\\\\.'), (E'\\n'), (E'\\t')",
          "insert into public.parent values (1, 'parent')",
          "insert into public.child values (2, 'child', 'more')",
          "insert into public.parts values (1, null, 'b'), (11, '2024-02-29', 'a')");

  @ParameterizedTest
  @CsvSource({"json,none,1", "json,gzip,2", "json,zstd,3", "ndjson,none,2", "ndjson,zstd:1,1"})
  void everyValueComesBackBitForBit(String form, String compression, int jobs) {
    try (Warehouse from = new Warehouse("from");
        Warehouse to = new Warehouse("to")) {
      SCHEMA.forEach(from::run);
      VALUES.forEach(from::run);
      SCHEMA.forEach(to::run);

      DataExport.Result result =
          from.export(folder, ExportForm.parse(form), ExportCompression.parse(compression), jobs);
      to.fill(result.file());

      assertThat(to.fingerprints()).isEqualTo(from.fingerprints());
      assertThat(result.rows().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(23);
    }
  }

  /** Every code point but U+0000 and the surrogates, which PostgreSQL does not have. */
  @Test
  void everyCodePointComesBack() {
    try (Warehouse from = new Warehouse("from");
        Warehouse to = new Warehouse("to")) {
      from.run(
          "create table public.t (id integer, c text)",
          "insert into public.t select n, chr(n) from generate_series(1, 1114111) n"
              + " where n not between 55296 and 57343");
      to.run("create table public.t (id integer, c text)");

      to.fill(from.export(folder).file());

      assertThat(to.fingerprints()).isEqualTo(from.fingerprints());
    }
  }

  @Test
  void theFileIsOneJsonDocumentForOthersToo() throws IOException, InterruptedException {
    try (Warehouse from = new Warehouse("from")) {
      SCHEMA.forEach(from::run);
      VALUES.forEach(from::run);

      DataExport.Result result = from.export(folder);

      Process python =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  "import json,sys\nd=json.load(open(sys.argv[1], encoding='utf-8'))\n"
                      + "print(sum(t['count'] == len(t['data']) for t in d['shop'].values()), len(d['shop']), d['$belay']['format'])",
                  result.file().toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(python.waitFor()).as(said).isZero();
      assertThat(said.strip()).isEqualTo("10 10 1");
      Process check =
          new ProcessBuilder("sha256sum", "-c", result.checksum().getFileName().toString())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String checked = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(checked).isZero();
      assertThat(Files.getPosixFilePermissions(result.file())).hasSize(2);
      assertThat(Files.getPosixFilePermissions(result.checksum())).hasSize(2);
      assertThat(TestServer.admin()).isNotNull();
    }
  }
}
