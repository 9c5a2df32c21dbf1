package dev.belay.projects.random;

import static dev.belay.projects.random.Step.quoted;
import static dev.belay.projects.random.World.present;
import static dev.belay.projects.random.World.require;

import dev.belay.projects.random.World.Column;
import dev.belay.projects.random.World.Function;
import dev.belay.projects.random.World.Impossible;
import dev.belay.projects.random.World.Labels;
import dev.belay.projects.random.World.Sequence;
import dev.belay.projects.random.World.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Statements that make and drop views, functions, triggers, enums and sequences. */
final class OtherSteps {
  private OtherSteps() {}

  record CreateView(String view, String source, List<String> columns) implements Step {
    @Override
    public String sql() {
      String list = columns.stream().map(Step::quoted).collect(Collectors.joining(", "));
      return "create or replace view %s as select %s from %s"
          .formatted(quoted(view), list, quoted(source));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      world.freeRelationName(view);
      Map<String, Column> found = world.columnsOf(source);
      Map<String, Column> shown = new LinkedHashMap<>();
      for (String column : columns) {
        Column one = present(found.get(column), column);
        shown.put(column, one);
        effect.add("shows " + column + " " + one.type);
      }
      world.views.put(view, new View(world.relation(source), shown));
    }
  }

  record DropView(String view) implements Step {
    @Override
    public String sql() {
      return "drop view " + quoted(view);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      View gone = present(world.views.remove(view), view);
      require(!world.isUsed(gone), view + " is used");
      effect.add("dropped");
    }
  }

  record CreateQuery(String function, String source, String column) implements Step {
    @Override
    public String sql() {
      return """
          create function %s() returns bigint language sql stable
            begin atomic
              select count(%s) from %s;
            end"""
          .formatted(quoted(function), quoted(column), quoted(source));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      require(!world.functions.containsKey(function), function + " is there");
      Column counted = present(world.columnsOf(source).get(column), column);
      world.functions.put(function, new Function(world.relation(source), counted, null, null));
      effect.add("created");
    }
  }

  record CreateConstant(String function) implements Step {
    @Override
    public String sql() {
      return "create function %s() returns integer language sql immutable as 'select 7'"
          .formatted(quoted(function));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      require(!world.functions.containsKey(function), function + " is there");
      world.functions.put(function, new Function(null, null, null, null));
      effect.add("created");
    }
  }

  record CreateTriggerFunction(String function, String table, String column) implements Step {
    @Override
    public String sql() {
      return """
          create function %1$s() returns trigger language plpgsql as $body$
          begin
            update %2$s set %3$s = coalesce(%3$s, 0) + 1; -- not; the end
            return new;
          end $body$"""
          .formatted(quoted(function), quoted(table), quoted(column));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      require(!world.functions.containsKey(function), function + " is there");
      world.functions.put(function, new Function(null, null, table, column));
      effect.add("created");
    }
  }

  record CreateTrigger(String trigger, String table, String function) implements Step {
    @Override
    public String sql() {
      return "create trigger %s after insert on %s for each row execute function %s()"
          .formatted(quoted(trigger), quoted(table), quoted(function));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      world.table(table).triggers.add(present(world.functions.get(function), function));
      effect.add("created");
    }
  }

  record DropFunction(String function) implements Step {
    @Override
    public String sql() {
      return "drop function " + quoted(function) + "()";
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Function gone = present(world.functions.remove(function), function);
      boolean fired =
          world.tables.values().stream().anyMatch(table -> table.triggers.contains(gone));
      require(!fired && !world.isDefault(gone), function + " is used");
      effect.add("dropped");
    }
  }

  record CreateEnum(String type, List<String> labels) implements Step {
    @Override
    public String sql() {
      return "create type %s as enum ('%s')".formatted(quoted(type), String.join("', '", labels));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      require(!world.enums.containsKey(type), type + " is there");
      Labels made = new Labels();
      made.labels.addAll(labels);
      world.enums.put(type, made);
      effect.add("created");
    }
  }

  record AddLabel(String type, String label) implements Step {
    @Override
    public String sql() {
      return "alter type %s add value '%s'".formatted(quoted(type), label);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      require(present(world.enums.get(type), type).labels.add(label), label + " is there");
      effect.add("added");
    }
  }

  record CreateSequence(String sequence) implements Step {
    @Override
    public String sql() {
      return "create sequence " + quoted(sequence) + " increment by 3";
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      world.freeRelationName(sequence);
      world.sequences.put(sequence, new Sequence());
      effect.add("created");
    }
  }

  record DropSequence(String sequence) implements Step {
    @Override
    public String sql() {
      return "drop sequence " + quoted(sequence);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Sequence gone = present(world.sequences.remove(sequence), sequence);
      require(!world.isDefault(gone), sequence + " is used");
      effect.add("dropped");
    }
  }
}
