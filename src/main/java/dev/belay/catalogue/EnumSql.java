package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;

/** Changes of an enum's labels. */
final class EnumSql {
  private EnumSql() {}

  /** Labels are added where they belong; nothing else can be done with them. */
  static List<String> change(SchemaObject wanted, SchemaObject there) {
    List<String> labels = labels(wanted);
    List<String> old = labels(there);
    if (labels.equals(old)) {
      return List.of();
    }
    List<String> kept = labels.stream().filter(old::contains).toList();
    if (!kept.equals(old)) {
      return List.of(
          Step.remark(
              "no statement takes labels from an enum or changes their order: %s should have %s"
                  .formatted(wanted.key().plain(), String.join(", ", labels))));
    }
    List<String> lines = new ArrayList<>();
    for (int index = 0; index < labels.size(); index++) {
      if (!old.contains(labels.get(index))) {
        String where = index > 0 ? " AFTER " + labels.get(index - 1) : before(labels, old);
        lines.add(
            "ALTER TYPE %s ADD VALUE %s%s;"
                .formatted(Sql.relation(wanted.key()), labels.get(index), where));
      }
    }
    return lines;
  }

  private static String before(List<String> labels, List<String> old) {
    return labels.stream()
        .filter(old::contains)
        .findFirst()
        .map(first -> " BEFORE " + first)
        .orElse("");
  }

  private static List<String> labels(SchemaObject type) {
    String labels = type.get("labels");
    return labels.isEmpty() ? List.of() : List.of(labels.split("\n", -1));
  }
}
