package dev.belay.migrations;

import dev.belay.core.Identifier;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.SchemaShape;
import dev.belay.undo.Amount;
import dev.belay.undo.LiveTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the running application, or other sessions, find changed after a migration. */
final class ChangeRisks {
  private static final Set<String> USED =
      Set.of(
          "view",
          "materialized view",
          "foreign table",
          "function",
          "procedure",
          "aggregate",
          "type",
          "schema",
          "extension",
          "operator");

  private final StepFacts facts;
  private final Set<Long> dropped;
  private final List<Risk> risks = new ArrayList<>();

  private ChangeRisks(StepFacts facts) {
    this.facts = facts;
    this.dropped = facts.droppedRelations();
  }

  static List<Risk> of(StepFacts facts) {
    return new ChangeRisks(facts).all();
  }

  private List<Risk> all() {
    facts.done().dropped().stream().filter(this::isOfLive).forEach(this::dropped);
    renamedSchemas();
    facts.before().relations().forEach(this::relation);
    facts.before().columns().forEach(this::column);
    facts.after().columns().forEach(this::notNull);
    named();
    facts.done().created().forEach(this::created);
    facts.after().indexes().forEach(this::index);
    if (!facts.done().inTransaction()) {
      risks.add(
          Risk.of(
              RiskRule.OUTSIDE_TRANSACTION,
              "runs outside a transaction: when it fails half way, look at what it left"));
    }
    return risks;
  }

  private boolean isOfLive(RecordedObject object) {
    return !object.internal() && !facts.made().contains(object.address().whole());
  }

  private void dropped(RecordedObject object) {
    String type = object.type();
    ObjectAddress address = object.address();
    if (USED.contains(type)) {
      boolean replaced =
          facts.done().created().stream()
              .anyMatch(
                  made -> made.type().equals(type) && made.identity().equals(object.identity()));
      if (!replaced) {
        risks.add(Risk.of(RiskRule.OBJECT_DROPPED, "drops " + object.words()));
      }
    } else if (type.equals("index")) {
      index(address.object());
    } else if (type.equals("table constraint")) {
      constraint(address.object());
    } else if (type.equals("trigger") && !isOfDropped(object)) {
      risks.add(Risk.of(RiskRule.OBJECT_DROPPED, "drops " + object.words()));
    } else if (type.equals("table column") && !dropped.contains(address.object())) {
      droppedColumn(address);
    }
  }

  /** A trigger is identified as {@code name on table}. */
  private boolean isOfDropped(RecordedObject part) {
    return facts.done().dropped().stream()
        .anyMatch(
            object -> object.isTable() && part.identity().endsWith(" on " + object.identity()));
  }

  private void droppedColumn(ObjectAddress address) {
    Optional<String> name = facts.live().column(address);
    Optional<LiveTable> live = facts.live(address.object());
    if (name.isPresent() && live.isPresent() && !facts.isPartition(address.object())) {
      risks.add(
          Risk.of(
              RiskRule.COLUMN_DROPPED,
              "drops column %s.%s, which a running application may use"
                  .formatted(live.get().name().plain(), name.get())));
    }
  }

  private void index(long oid) {
    SchemaShape.Index index = facts.before().indexes().get(oid);
    if (index == null || dropped.contains(index.table()) || facts.isPartition(index.table())) {
      return;
    }
    boolean replaced =
        facts.after().indexes().values().stream()
            .anyMatch(other -> other.name().equals(index.name()));
    if (!replaced) {
      facts
          .live(index.table())
          .ifPresent(
              live ->
                  risks.add(
                      Risk.bySize(
                          RiskRule.INDEX_DROPPED,
                          live,
                          "drops index %s of %s".formatted(index.name().plain(), live.words()))));
    }
  }

  private void constraint(long oid) {
    SchemaShape.Constraint gone = facts.before().constraints().get(oid);
    if (gone == null || dropped.contains(gone.table()) || facts.isPartition(gone.table())) {
      return;
    }
    boolean replaced =
        facts.after().constraints().values().stream()
            .anyMatch(other -> other.table() == gone.table() && other.name().equals(gone.name()));
    if (!replaced && facts.live(gone.table()).isPresent()) {
      risks.add(
          Risk.of(
              RiskRule.CONSTRAINT_DROPPED,
              "drops constraint %s of %s".formatted(gone.name(), facts.name(gone.table()))));
    }
  }

  private boolean isRenamedSchema(String from, String to) {
    return facts.done().changed().stream()
        .anyMatch(
            object ->
                object.type().equals("schema")
                    && isQuoted(object.identity(), to)
                    && isQuoted(facts.names().getOrDefault(object.address(), ""), from));
  }

  private static boolean isQuoted(String identity, String name) {
    return identity.equals(name) || identity.equals(new Identifier(name).toString());
  }

  /** Everything in such a schema has another name too, which is said by the schema's. */
  private void renamedSchemas() {
    renamed("schema");
  }

  private void named() {
    List.of("function", "procedure", "aggregate", "type").forEach(this::renamed);
  }

  private void renamed(String type) {
    for (RecordedObject object : facts.done().changed()) {
      String earlier = facts.names().get(object.address());
      boolean other =
          object.type().equals(type)
              && isOfLive(object)
              && earlier != null
              && !earlier.equals(object.identity());
      if (other) {
        risks.add(
            Risk.of(
                RiskRule.RENAMED,
                "renames %s %s to %s".formatted(type, earlier, object.identity())));
      }
    }
  }

  private void relation(long oid, SchemaShape.Relation earlier) {
    Optional<SchemaShape.Relation> now = facts.after().relation(oid);
    if (now.isEmpty() || now.get().name().equals(earlier.name()) || !facts.live().wasThere(oid)) {
      return;
    }
    boolean moved =
        now.get().name().table().equals(earlier.name().table())
            && isRenamedSchema(earlier.name().schema(), now.get().name().schema());
    if (moved) {
      return;
    }
    String what =
        "renames %s %s to %s"
            .formatted(word(earlier), earlier.name().plain(), now.get().name().plain());
    risks.add(
        facts.after().has(earlier.name())
            ? Risk.mild(RiskRule.RENAMED, what + "; another relation has the old name now")
            : Risk.of(RiskRule.RENAMED, what));
  }

  private static String word(SchemaShape.Relation relation) {
    return switch (relation.kind()) {
      case "v" -> "view";
      case "m" -> "materialized view";
      case "f" -> "foreign table";
      default -> "table";
    };
  }

  private void column(ObjectAddress address, SchemaShape.Column earlier) {
    SchemaShape.Column now = facts.after().columns().get(address);
    if (now == null
        || facts.isPartition(address.object())
        || !facts.live().wasThere(address.object())) {
      return;
    }
    boolean ofLive = facts.live().column(address).isPresent();
    if (ofLive && !now.name().equals(earlier.name())) {
      risks.add(
          Risk.of(
              RiskRule.RENAMED,
              "renames column %s.%s to %s"
                  .formatted(facts.name(address.object()), earlier.name(), now.name())));
    }
    boolean ofTable =
        facts.before().relation(address.object()).map(SchemaShape.Relation::isTable).orElse(false);
    if (ofLive && ofTable && !now.type().equals(earlier.type())) {
      risks.add(
          Risk.of(
              RiskRule.TYPE_CHANGED,
              "changes the type of %s.%s from %s to %s"
                  .formatted(
                      facts.name(address.object()), now.name(), earlier.type(), now.type())));
    }
  }

  /** The replay has few rows, so it cannot fail there where it would in the live database. */
  private void notNull(ObjectAddress address, SchemaShape.Column now) {
    SchemaShape.Column earlier = facts.before().columns().get(address);
    long relation = address.object();
    Optional<LiveTable> live = facts.live(relation);
    boolean becomes =
        now.notNull()
            && (earlier == null ? !now.filled() : !earlier.notNull())
            && !facts.isPartition(relation);
    boolean rewritten = earlier == null && facts.roots(facts.done().rewritten()).contains(relation);
    if (!becomes || live.isEmpty() || rewritten) {
      return;
    }
    Optional<String> name = facts.live().column(address);
    if (name.isEmpty() && earlier != null && earlier.filled()) {
      return;
    }
    Amount without =
        name.map(column -> facts.live().nulls(live.get(), column)).orElse(live.get().rows());
    if (without.isNone()) {
      return;
    }
    String what =
        "%s.%s becomes NOT NULL, and %s no value for it"
            .formatted(
                live.get().name().plain(),
                now.name(),
                without.words("live row has", "live rows have"));
    boolean sure = without.number().orElse(0L) > 0 && !facts.mayHaveFilled(relation);
    risks.add(
        sure
            ? Risk.of(RiskRule.FAILS_ON_ROWS, what + ": it fails")
            : Risk.of(
                RiskRule.MAY_FAIL_ON_ROWS, what + ", unless the migrations before it fill it"));
  }

  private void created(RecordedObject object) {
    boolean added =
        object.type().equals("enum value")
            && facts.done().created().stream()
                .noneMatch(
                    type ->
                        type.type().equals("type")
                            && object.identity().startsWith(type.identity() + "."));
    if (added) {
      risks.add(Risk.of(RiskRule.ENUM_VALUE_ADDED, "adds enum value " + object.identity()));
    }
  }

  private void index(long oid, SchemaShape.Index index) {
    SchemaShape.Index earlier = facts.before().indexes().get(oid);
    boolean partitioned =
        facts.after().relation(index.table()).map(found -> found.kind().equals("p")).orElse(false);
    if (!index.valid() && (earlier == null || earlier.valid()) && !partitioned) {
      risks.add(
          Risk.of(RiskRule.INDEX_INVALID, "leaves index " + index.name().plain() + " not valid"));
    }
  }
}
