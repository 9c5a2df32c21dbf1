package dev.belay.dataset;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tables of random types with random values, the same for the same seed. */
final class RandomTables {
  private static final String[] NAMES = {
    "plain",
    "UPPER",
    "with space",
    "quo\"te",
    "semi;colon",
    "ünïcödé",
    "back\\slash",
    "select",
    "a.b",
    "tab\there",
    "new\nline",
    "😀",
    "x".repeat(63),
    "\"; drop table x; --",
    "$belay",
    "{}",
    "null"
  };

  private static final String[] SCALARS = {
    "smallint",
    "integer",
    "bigint",
    "oid",
    "real",
    "double precision",
    "numeric",
    "numeric(30,10)",
    "boolean",
    "text",
    "varchar(40)",
    "char(7)",
    "name",
    "\"char\"",
    "bytea",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "timestamp(3)",
    "interval",
    "json",
    "jsonb",
    "uuid",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "bit(5)",
    "varbit",
    "money",
    "xml",
    "tsvector",
    "tsquery",
    "pg_lsn",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "int4range",
    "numrange",
    "tstzrange",
    "int8multirange",
    "public.mood",
    "public.pair",
    "public.score",
    "public.document",
    "public.words",
    "public.hstore",
    "public.citext"
  };

  private final Random random;

  RandomTables(long seed) {
    random = new Random(seed);
  }

  /** The types that the tables use. */
  static List<String> types() {
    return List.of(
        "create extension hstore schema public",
        "create extension citext schema public",
        "create type public.mood as enum ('sad', 'O''K', 'a \"b\" \\ ,;{}()', 'null', 'é')",
        "create type public.pair as (a integer, \"b c\" text, d numeric[], m public.mood)",
        "create domain public.score as numeric(20, 5) check (value is null or value <> 0.5)",
        "create domain public.document as jsonb",
        "create domain public.words as text[] ");
  }

  /**
   * One table with rows.
   *
   * @param name of it
   * @param create the statement that makes it
   * @param inserts the statements that fill it
   */
  record Made(String name, String create, List<String> inserts) {}

  Made table(int number) {
    String name = quoted("t" + number + " " + NAMES[random.nextInt(NAMES.length)]);
    if (name.length() > 60) {
      name = quoted("t" + number);
    }
    List<String> names = new ArrayList<>();
    List<String> types = new ArrayList<>();
    int count = random.nextInt(12);
    for (int column = 0; column < count; column++) {
      names.add(quoted(column % 10 + cut(NAMES[random.nextInt(NAMES.length)]) + column / 10));
      types.add(SCALARS[random.nextInt(SCALARS.length)] + (random.nextInt(5) == 0 ? "[]" : ""));
    }
    List<String> parts = new ArrayList<>();
    if (random.nextBoolean()) {
      parts.add(
          "\"id of it\" bigint generated %s as identity"
              .formatted(random.nextBoolean() ? "always" : "by default"));
      parts.add("twice bigint generated always as (\"id of it\" * 2) stored");
    }
    for (int column = 0; column < count; column++) {
      parts.add(names.get(column) + " " + types.get(column));
    }
    String full = "public." + name;
    List<String> inserts = new ArrayList<>();
    int rows = random.nextInt(40);
    for (int row = 0; row < rows; row++) {
      inserts.add(
          count == 0
              ? "insert into " + full + " default values"
              : "insert into %s (%s) values (%s)"
                  .formatted(
                      full,
                      String.join(", ", names),
                      types.stream().map(this::value).collect(Collectors.joining(", "))));
    }
    return new Made(full, "create table " + full + " (" + String.join(", ", parts) + ")", inserts);
  }

  private static String cut(String name) {
    return name.length() > 40 ? name.substring(0, 40) : name;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private String value(String type) {
    if (random.nextInt(8) == 0) {
      return "null";
    }
    if (!type.endsWith("[]")) {
      return "(" + scalar(type) + ")::" + type;
    }
    String element = type.substring(0, type.length() - 2);
    if (element.equals("public.words")) {
      return "null";
    }
    int size = random.nextInt(4);
    String one = elements(element, size);
    return switch (size == 0 ? 0 : random.nextInt(3)) {
      case 0 -> "array[%s]::%s".formatted(one, type);
      case 1 -> "array[array[%s], array[%s]]::%s".formatted(one, elements(element, size), type);
      default -> "('[-3:%d]=' || array[%s]::%s::text)::%s".formatted(size - 4, one, type, type);
    };
  }

  private String elements(String element, int size) {
    return IntStream.range(0, size)
        .mapToObj(
            index -> random.nextInt(6) == 0 ? "null" : "(" + scalar(element) + ")::" + element)
        .collect(Collectors.joining(", "));
  }

  private String scalar(String type) {
    return switch (type) {
      case "smallint" -> literal(String.valueOf((short) random.nextInt()));
      case "integer" -> literal(String.valueOf(random.nextInt()));
      case "bigint" -> literal(String.valueOf(random.nextLong()));
      case "oid" -> literal(String.valueOf(random.nextInt() & 0xFFFFFFFFL));
      case "real" -> literal(odd(() -> String.valueOf(Float.intBitsToFloat(random.nextInt()))));
      case "double precision" ->
          literal(odd(() -> String.valueOf(Double.longBitsToDouble(random.nextLong()))));
      case "numeric" -> literal(odd(this::decimal));
      case "numeric(30,10)", "public.score" ->
          literal(random.nextInt(100000) + "." + random.nextInt(1000));
      case "boolean" -> literal(String.valueOf(random.nextBoolean()));
      case "\"char\"" -> literal(String.valueOf((char) ('!' + random.nextInt(90))));
      case "name" -> literal(text(20));
      case "varchar(40)" -> literal(text(40));
      case "char(7)" -> literal(text(7));
      case "text" -> literal(text(random.nextInt(20) == 0 ? 50_000 : 60));
      case "bytea" -> "decode(" + literal(hex(random.nextInt(40))) + ", 'hex')";
      case "date" ->
          pick(
              "'infinity'",
              "'4713-01-01 BC'",
              "'5874897-12-31'",
              "date '2000-01-01' + " + (random.nextInt(2_000_000) - 700_000));
      case "time" ->
          pick(
              "'24:00'",
              "'00:00'",
              "time '00:00' + interval '" + random.nextLong(86_400_000_000L) + " microseconds'");
      case "timetz" -> pick("'24:00-15:59'", "'00:00:00.000001+05:30'");
      case "timestamp", "timestamp(3)" ->
          pick(
              "'infinity'",
              "'-infinity'",
              "'0044-03-15 01:02:03.456 BC'",
              "timestamp '2000-01-01' + interval '" + random.nextLong() / 64 + " microseconds'");
      case "timestamptz" ->
          pick(
              "'infinity'",
              "'294276-01-01Z'",
              "timestamptz '2000-01-01Z' + interval '" + random.nextLong() / 64 + " microseconds'");
      case "interval" ->
          literal(
              "%d mons %d days %d microseconds"
                  .formatted(random.nextInt() / 2, random.nextInt() / 2, random.nextLong() / 4));
      case "json" -> literal(json(0, true));
      case "jsonb", "public.document" -> literal(json(0, false));
      case "uuid" -> literal(new UUID(random.nextLong(), random.nextLong()).toString());
      case "inet" -> pick("'::1'", "'10.1.2.3/7'", "'fe80::%d/99'".formatted(random.nextInt(10)));
      case "cidr" -> pick("'10.0.0.0/8'", "'::/0'");
      case "macaddr" -> literal(hex(6));
      case "macaddr8" -> literal(hex(8));
      case "bit(5)" -> "B'" + bits(5) + "'";
      case "varbit" -> "B'" + bits(random.nextInt(70)) + "'";
      case "money" -> literal(String.valueOf(random.nextLong() / 1000)) + "::numeric / 100";
      case "xml" -> pick("'<a b=\"1\">&lt;\n</a>'", "'<é/>'", "'a<b/>c'");
      case "tsvector" -> "to_tsvector('pg_catalog.simple', " + literal(text(60)) + ")";
      case "tsquery" -> "plainto_tsquery('pg_catalog.simple', " + literal(text(30)) + ")";
      case "pg_lsn" ->
          literal(
              Integer.toHexString(random.nextInt()) + "/" + Integer.toHexString(random.nextInt()));
      case "point" -> literal(point());
      case "line" -> literal("{1," + random.nextInt() + "," + random.nextGaussian() + "}");
      case "lseg", "path" -> literal("[" + point() + "," + point() + "]");
      case "box" -> literal(point() + "," + point());
      case "polygon" -> literal("(" + point() + "," + point() + "," + point() + ")");
      case "circle" -> literal("<" + point() + "," + random.nextDouble() + ">");
      case "int4range" ->
          pick(
              "'empty'",
              "'(,)'",
              "int4range(" + -random.nextInt(100) + ", " + random.nextInt(100) + ")");
      case "numrange" -> pick("'empty'", "'(1.50,infinity]'", "'[-1.0,)'");
      case "tstzrange" -> pick("'[2000-01-01Z,infinity)'", "'(,2000-01-01 00:00:00.000001Z]'");
      case "int8multirange" -> pick("'{}'", "'{[1,3),[5,)}'", "'{(,)}'");
      case "public.mood" -> pick("'sad'", "'O''K'", "E'a \"b\" \\\\ ,;{}()'", "'null'", "'é'");
      case "public.pair" ->
          "row(%s, %s, array[%s, null]::numeric[], %s)"
              .formatted(
                  pick("null", "7"),
                  pick("null", "''", literal(text(20))),
                  literal(decimal()),
                  pick("null", "'null'"));
      case "public.citext" -> literal(text(30));
      case "public.hstore" ->
          "public.hstore(array[%s, 'k'], array[%s, null])"
              .formatted(literal(text(10)), literal(text(10)));
      case "public.words" -> "array[" + literal(text(10)) + ", null, '']";
      default -> throw new IllegalStateException(type);
    };
  }

  private String odd(Supplier<String> usual) {
    return switch (random.nextInt(8)) {
      case 0 -> "NaN";
      case 1 -> "Infinity";
      case 2 -> "-Infinity";
      case 3 -> "-0";
      default -> usual.get();
    };
  }

  private String decimal() {
    String digits =
        IntStream.range(0, 1 + random.nextInt(60))
            .mapToObj(index -> String.valueOf(random.nextInt(10)))
            .collect(Collectors.joining());
    return (random.nextBoolean() ? "-" : "")
        + digits
        + (random.nextBoolean() ? "." + "0".repeat(random.nextInt(30)) + random.nextInt(10) : "");
  }

  private String point() {
    return "(" + random.nextGaussian() + "," + pick("-0", "1e300", "0.1") + ")";
  }

  private String bits(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> random.nextBoolean() ? "1" : "0")
        .collect(Collectors.joining());
  }

  private String hex(int bytes) {
    byte[] some = new byte[bytes];
    random.nextBytes(some);
    return HexFormat.of().formatHex(some);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Characters that need care in COPY, in JSON, in UTF-8, and any other. */
  private String text(int most) {
    int length = random.nextInt(most + 1);
    StringBuilder text = new StringBuilder();
    String care =
        "\\\"\t\n\r\b\f\u000b\u0001\u001f\u007f/N.u0dD8{}[],:'\u2028\u2029\ufeff\u0085é€ ";
    while (text.codePointCount(0, text.length()) < length) {
      int point =
          random.nextBoolean()
              ? care.charAt(random.nextInt(care.length()))
              : 1 + random.nextInt(0x10FFFF);
      if (point < 0xD800 || point > 0xDFFF) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }

  private String json(int depth, boolean spaced) {
    String space = spaced ? pick("", " ", "\n", "\r\n\t") : "";
    return space
        + switch (random.nextInt(depth > 3 ? 5 : 7)) {
          case 0 -> "null";
          case 1 -> pick("true", "false");
          case 2 -> pick("0", "-0.0", "1.50", "1e5", "123456789012345678901234567890.10");
          case 3 -> new String(JsonText.quoted(text(20)), StandardCharsets.UTF_8);
          case 4 -> pick("\"\\\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\/\"", "\"null\"");
          case 5 -> "[" + json(depth + 1, spaced) + "," + json(depth + 1, spaced) + "]";
          default ->
              "{"
                  + new String(JsonText.quoted(text(9)), StandardCharsets.UTF_8)
                  + ":"
                  + json(depth + 1, spaced)
                  + space
                  + "}";
        }
        + space;
  }
}
