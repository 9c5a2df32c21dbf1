package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;

/**
 * Some statements of an alignment that belong together.
 *
 * @param order steps with a lower one come first, unless something needs it otherwise
 * @param key what they are about
 * @param main whether what needs the object has to wait for this step
 * @param lines statements with their semicolons, and remarks
 */
record Step(int order, ObjectKey key, boolean main, List<String> lines) {
  private static final List<ObjectKind> KINDS = List.of(ObjectKind.values());

  Step {
    lines = List.copyOf(lines);
  }

  /** Where creations and changes of that kind stand; ten places for each kind. */
  static int order(ObjectKind kind) {
    return KINDS.indexOf(kind) * 10;
  }

  static Step of(ObjectKey key, List<String> lines) {
    return new Step(order(key.kind()), key, true, lines);
  }

  /** One that comes behind the creations of another kind. */
  static Step after(ObjectKind kind, int place, ObjectKey key, List<String> lines) {
    return new Step(order(kind) + place, key, false, lines);
  }

  /** The same as a remark, with the reason before it. */
  Step notRun(String reason) {
    List<String> remarks = new ArrayList<>();
    remarks.add(remark(reason));
    lines.forEach(line -> remarks.add(remark(line)));
    return new Step(order, key, main, remarks);
  }

  /** A statement with its end. */
  static String statement(String sql) {
    String text = sql.stripTrailing();
    return text.endsWith(";") ? text : text + ";";
  }

  /** Text that is not run, however many lines it has. */
  static String remark(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\\R|[\\u000b\\u000c\\u0085]", -1)) {
      lines.add(("-- " + line).stripTrailing());
    }
    return String.join("\n", lines);
  }
}
