package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts steps in an order in which what something needs is there before it. */
final class StepOrder {
  private static final List<ObjectKind> WHOLES =
      List.of(
          ObjectKind.TABLE,
          ObjectKind.FOREIGN_TABLE,
          ObjectKind.VIEW,
          ObjectKind.MATERIALIZED_VIEW,
          ObjectKind.DOMAIN,
          ObjectKind.COMPOSITE_TYPE);

  private final List<Step> sorted;
  private final Catalogue schema;
  private final Map<ObjectKey, List<Step>> byKey = new HashMap<>();
  private final Map<String, List<Step>> columns = new HashMap<>();
  private final Map<String, List<ObjectKey>> relations = new HashMap<>();
  private final Map<String, List<ObjectKey>> indexes = new HashMap<>();
  private final Map<ObjectKey, List<ObjectKey>> before = new HashMap<>();

  /**
   * @param schema where the objects of the steps are, with what they need
   */
  StepOrder(List<Step> steps, Catalogue schema) {
    this.schema = schema;
    this.sorted =
        steps.stream()
            .sorted(
                Comparator.comparingInt(StepOrder::place)
                    .thenComparing(step -> step.key().schema())
                    .thenComparing(step -> step.key().name())
                    .thenComparingInt(step -> position(schema, step.key()))
                    .thenComparing(Step::key))
            .toList();
    for (Step step : sorted) {
      if (step.main()) {
        byKey.computeIfAbsent(step.key(), key -> new ArrayList<>()).add(step);
        Map<String, List<ObjectKey>> names = step.key().isMember() ? indexes : relations;
        String name = step.key().isMember() ? IndexSql.index(step.key()) : Sql.relation(step.key());
        names.computeIfAbsent(name, key -> new ArrayList<>()).add(step.key());
        if (step.key().kind() == ObjectKind.COLUMN) {
          String table = Sql.relation(step.key());
          columns.computeIfAbsent(table, key -> new ArrayList<>()).add(step);
        }
      }
    }
    steps.stream().filter(Step::main).forEach(step -> parents(step.key()));
  }

  /** Columns are added in their order. */
  private static int position(Catalogue schema, ObjectKey key) {
    SchemaObject object = schema.objects().get(key);
    return object == null ? 0 : object.position();
  }

  /** Foreign keys come behind what they refer to. */
  private static int place(Step step) {
    boolean foreign =
        step.key().kind() == ObjectKind.CONSTRAINT
            && step.lines().stream().anyMatch(line -> line.contains(" FOREIGN KEY ("));
    return step.order() + (foreign ? 5 : 0);
  }

  /** A child needs its parents; the index of a parent the ones that will be attached to it. */
  private void parents(ObjectKey key) {
    SchemaObject object = schema.objects().get(key);
    if (object == null) {
      return;
    }
    List<String> parents = new ArrayList<>(Sql.names(object.get(Property.INHERITS)));
    parents.addAll(Sql.names(object.get(Property.PARTITION_OF)));
    for (String attached : Sql.names(object.get(Property.ATTACHED_TO))) {
      for (ObjectKey parent : indexes.getOrDefault(attached, List.of())) {
        if (parent.kind() == key.kind()) {
          before.computeIfAbsent(parent, each -> new ArrayList<>()).add(key);
        }
      }
    }
    for (String parent : parents) {
      before
          .computeIfAbsent(key, each -> new ArrayList<>())
          .addAll(relations.getOrDefault(parent, List.of()));
    }
  }

  /** What is needed first. */
  List<Step> ordered() {
    Set<Step> ordered = new LinkedHashSet<>();
    Set<Step> begun = new LinkedHashSet<>();
    sorted.forEach(step -> visit(step, ordered, begun));
    return List.copyOf(ordered);
  }

  /** What needs others first. */
  List<Step> dependentsFirst() {
    List<Step> ordered = new ArrayList<>();
    Map<ObjectKey, List<ObjectKey>> dependents = new HashMap<>();
    for (Step step : sorted) {
      for (ObjectKey needed : needs(step.key())) {
        dependents.computeIfAbsent(needed, key -> new ArrayList<>()).add(step.key());
      }
    }
    Set<Step> done = new LinkedHashSet<>();
    sorted.forEach(step -> visitDependents(step, dependents, done, ordered));
    return ordered;
  }

  private void visitDependents(
      Step step, Map<ObjectKey, List<ObjectKey>> dependents, Set<Step> begun, List<Step> ordered) {
    if (!begun.add(step)) {
      return;
    }
    for (ObjectKey dependent : dependents.getOrDefault(step.key(), List.of())) {
      byKey
          .getOrDefault(dependent, List.of())
          .forEach(each -> visitDependents(each, dependents, begun, ordered));
    }
    ordered.add(step);
  }

  private void visit(Step step, Set<Step> ordered, Set<Step> begun) {
    if (!step.main()) {
      ordered.add(step);
      return;
    }
    if (!begun.add(step)) {
      return;
    }
    for (ObjectKey needed : needs(step.key())) {
      byKey.getOrDefault(needed, List.of()).forEach(each -> visit(each, ordered, begun));
      boolean readsColumns =
          step.key().kind() == ObjectKind.VIEW
              || step.key().kind() == ObjectKind.MATERIALIZED_VIEW
              || !step.key().kind().isRelation();
      if (readsColumns && step.key().kind() != ObjectKind.COLUMN) {
        columns
            .getOrDefault(Sql.relation(needed), List.of())
            .forEach(each -> visit(each, ordered, begun));
      }
    }
    ordered.add(step);
  }

  /** What the object needs; a column needs what its table does. */
  private Collection<ObjectKey> needs(ObjectKey key) {
    Set<ObjectKey> needs = new LinkedHashSet<>(before.getOrDefault(key, List.of()));
    needs.addAll(schema.needs().getOrDefault(key, java.util.Collections.emptySortedSet()));
    if (key.isMember()) {
      for (ObjectKind kind : WHOLES) {
        ObjectKey table = ObjectKey.of(kind, key.schema(), key.name());
        needs.add(table);
        if (key.kind() == ObjectKind.COLUMN) {
          needs.addAll(schema.needs().getOrDefault(table, java.util.Collections.emptySortedSet()));
        }
      }
    }
    return needs;
  }
}
