package dev.belay.diff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * A schema of a handful of tables that refer to each other in any way, and rows for it, which are
 * others each time they are asked for.
 */
final class RandomSchema {
  private static final List<String> KEYS =
      List.of("int", "bigint", "uuid", "text", "numeric", "composite", "none", "identity");
  private static final List<String> TYPES =
      List.of("text", "int", "numeric", "jsonb", "timestamptz", "int[]", "bytea", "json");
  private static final List<String> ACTIONS =
      List.of("", "", " on delete cascade", " on delete restrict", " on delete set null");

  private record Table(
      String name,
      String key,
      List<String> types,
      boolean unique,
      boolean generated,
      boolean partitioned,
      List<Reference> references) {}

  private record Reference(int table, boolean notNull, String action) {}

  private final Random random;
  private final List<Table> tables = new ArrayList<>();

  RandomSchema(Random random, boolean anyUnique) {
    this.random = random;

    int size = 3 + random.nextInt(4);
    for (int number = 0; number < size; number++) {
      String key = KEYS.get(random.nextInt(KEYS.size()));
      List<String> types = new ArrayList<>();
      for (int column = random.nextInt(4); column >= 0; column--) {
        types.add(TYPES.get(random.nextInt(TYPES.size())));
      }
      boolean partitioned =
          random.nextInt(4) == 0 && !key.equals("none") && !key.equals("identity");
      tables.add(
          new Table(
              "public.\"T%d \"\"; drop table x ' Ü\"".formatted(number),
              key,
              types,
              anyUnique && random.nextBoolean() && !partitioned,
              random.nextInt(3) == 0,
              partitioned,
              new ArrayList<>()));
    }
    for (Table table : tables) {
      for (int count = random.nextInt(3); count > 0; count--) {
        int parent = random.nextInt(size);
        if (single(tables.get(parent).key())) {
          String action = ACTIONS.get(random.nextInt(ACTIONS.size()));
          boolean notNull = random.nextBoolean() && !action.contains("null");
          table.references().add(new Reference(parent, notNull, action));
        }
      }
    }
  }

  private static boolean single(String key) {
    return !key.equals("composite") && !key.equals("none");
  }

  List<String> names() {
    return tables.stream().map(Table::name).toList();
  }

  List<String> tables() {
    List<String> statements = new ArrayList<>();
    for (Table table : tables) {
      List<String> columns = new ArrayList<>();
      switch (table.key()) {
        case "composite" -> columns.addAll(List.of("\"K 1\" int not null", "k2 text not null"));
        case "none" -> {}
        case "identity" -> columns.add("\"K 1\" int generated always as identity");
        default -> columns.add("\"K 1\" " + table.key() + " not null");
      }
      for (int at = 0; at < table.types().size(); at++) {
        columns.add("\"v%d\" %s".formatted(at, table.types().get(at)));
      }
      for (int at = 0; at < table.references().size(); at++) {
        columns.add("r%d %s".formatted(at, type(table.references().get(at))));
      }
      if (table.unique()) {
        columns.add("u int");
      }
      if (table.generated()) {
        columns.add("g int generated always as (1 + 1) stored");
      }
      if (table.key().equals("composite")) {
        columns.add("primary key (k2, \"K 1\")");
      } else if (!table.key().equals("none")) {
        columns.add("primary key (\"K 1\")");
      }
      statements.add(
          "create table %s (%s)%s"
              .formatted(
                  table.name(),
                  String.join(", ", columns),
                  table.partitioned() ? " partition by hash (\"K 1\")" : ""));
      for (int part = 0; table.partitioned() && part < 2; part++) {
        statements.add(
            "create table public.part_%d_%d partition of %s for values with (modulus 2, remainder %d)"
                .formatted(tables.indexOf(table), part, table.name(), part));
      }
    }
    return statements;
  }

  private String type(Reference reference) {
    String key = tables.get(reference.table()).key();
    return key.equals("identity") ? "int" : key;
  }

  /** The rows of one database. */
  List<String> rows() {
    List<String> statements = new ArrayList<>();
    List<List<Integer>> ids = new ArrayList<>();
    for (int number = 0; number < tables.size(); number++) {
      TreeSet<Integer> some = new TreeSet<>();
      for (int row = 5 + random.nextInt(40); row > 0; row--) {
        some.add(1 + random.nextInt(60));
      }
      ids.add(List.copyOf(some));
    }
    for (int number = 0; number < tables.size(); number++) {
      Table table = tables.get(number);
      List<String> rows = new ArrayList<>();
      List<Integer> unique = new ArrayList<>();
      for (int value = 0; value < 70; value++) {
        unique.add(value);
      }
      Collections.shuffle(unique, random);
      for (int id : ids.get(number)) {
        rows.add("(" + String.join(", ", values(table, id, ids, unique)) + ")");
      }
      statements.add(
          "insert into %s (%s) %svalues %s"
              .formatted(
                  table.name(),
                  String.join(", ", columns(table)),
                  table.key().equals("identity") ? "overriding system value " : "",
                  String.join(", ", rows)));
    }
    return statements;
  }

  private static List<String> columns(Table table) {
    List<String> columns = new ArrayList<>();
    if (!table.key().equals("none")) {
      columns.add("\"K 1\"");
    }
    if (table.key().equals("composite")) {
      columns.add("k2");
    }
    for (int at = 0; at < table.types().size(); at++) {
      columns.add("\"v%d\"".formatted(at));
    }
    for (int at = 0; at < table.references().size(); at++) {
      columns.add("r" + at);
    }
    if (table.unique()) {
      columns.add("u");
    }
    return columns;
  }

  private List<String> values(Table table, int id, List<List<Integer>> ids, List<Integer> unique) {
    List<String> values = new ArrayList<>();
    if (!table.key().equals("none")) {
      values.add(key(table.key(), id));
    }
    if (table.key().equals("composite")) {
      values.add("'k' || " + id % 5);
    }
    for (String type : table.types()) {
      values.add(value(type));
    }
    for (Reference reference : table.references()) {
      List<Integer> there = ids.get(reference.table());
      values.add(
          reference.notNull() || random.nextInt(4) > 0
              ? key(tables.get(reference.table()).key(), there.get(random.nextInt(there.size())))
              : "null");
    }
    if (table.unique()) {
      values.add(String.valueOf(unique.get(id)));
    }
    return values;
  }

  private static String key(String type, int id) {
    return switch (type) {
      case "uuid" -> "md5('%d')::uuid".formatted(id);
      case "text" -> "'k \"%d'".formatted(id);
      default -> String.valueOf(id);
    };
  }

  /** Of few, so that many rows are equal. */
  private String value(String type) {
    int some = random.nextInt(3);
    if (some == 0) {
      return "null";
    }
    return switch (type) {
      case "text" -> some == 1 ? "E'a\\tb\\\\N\\n'" : "''";
      case "int" -> String.valueOf(some);
      case "numeric" -> some == 1 ? "'1.0'" : "'1.00'";
      case "jsonb" -> some == 1 ? "'{\"a\": [1, null]}'" : "'null'";
      case "json" -> some == 1 ? "'{\"a\":1}'" : "'{\"a\": 1}'";
      case "timestamptz" -> some == 1 ? "'2020-01-01 00:00:00.000001'" : "'infinity'";
      case "int[]" -> some == 1 ? "'{1,NULL}'" : "'{}'";
      default -> some == 1 ? "'\\x00ff'" : "'\\x'";
    };
  }

  /** Foreign keys come last, so that the rows need no order. */
  List<String> constraints() {
    List<String> statements = new ArrayList<>();
    for (Table table : tables) {
      if (table.unique()) {
        statements.add("alter table " + table.name() + " add unique (u)");
      }
      for (int at = 0; at < table.references().size(); at++) {
        Reference reference = table.references().get(at);
        statements.add(
            "alter table %s add foreign key (r%d) references %s%s"
                .formatted(
                    table.name(), at, tables.get(reference.table()).name(), reference.action()));
      }
    }
    for (Table table : tables) {
      for (int at = 0; at < table.references().size(); at++) {
        if (table.references().get(at).notNull()) {
          statements.add("alter table %s alter r%d set not null".formatted(table.name(), at));
        }
      }
    }
    return statements;
  }
}
