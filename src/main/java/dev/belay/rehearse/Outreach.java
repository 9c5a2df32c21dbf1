package dev.belay.rehearse;

import dev.belay.config.ScratchSettings;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes out of a copy what reaches other databases and programs from it by itself: what is tried in
 * the copy would be done there for good.
 */
final class Outreach {
  private static final Pattern REACHES =
      Pattern.compile(
          "(?i)\\b(?:dblink\\w*|http_(?:get|post|put|patch|delete)|net\\.http_\\w+|aws_lambda\\.|aws_s3\\.|program\\s+')");

  private static final int SHOWN = 5;

  private Outreach() {}

  /**
   * Does it.
   *
   * @param copy a session with the copy
   * @param notes is told what was taken out, and what is still there
   * @throws Failure REFUSED when this role may not
   */
  static void cut(Database copy, List<String> notes) {
    Map<Long, String> reaching = reaching(OutreachQueries.functions(copy));
    // Of a copy that is not taken in the end nothing is told.
    List<String> told = new ArrayList<>();
    List<OutreachQueries.Trigger> triggers = triggers(copy, reaching);
    List<String> stopped = disabled(copy, triggers);
    if (!stopped.isEmpty()) {
      told.add("disabled in the copy, since they reach beyond the database: " + shown(stopped));
    }
    cutMappings(copy, told);
    notes.addAll(told);
    List<String> there = new ArrayList<>();
    triggers.stream()
        .filter(trigger -> trigger.disable().isEmpty())
        .forEach(trigger -> there.add(trigger.words()));
    there.addAll(reaching.values());
    OutreachQueries.extensions(copy).forEach(name -> there.add("the extension " + name));
    if (!there.isEmpty()) {
      notes.add(
          "what a script calls by itself is not held back: it reaches beyond the copy by "
              + shown(there));
    }
  }

  /**
   * Does it again to the triggers that a script made, or made anew: a new one fires.
   *
   * @param copy a session with the copy
   * @param notes is told which those are
   * @throws Failure REFUSED when this role may not
   */
  static void cutAgain(Database copy, List<String> notes) {
    List<String> stopped =
        disabled(copy, triggers(copy, reaching(OutreachQueries.functions(copy))));
    if (!stopped.isEmpty()) {
      notes.add(
          "made by a script, and disabled in the copy after it, since they reach beyond the database: %s; within that script they fire"
              .formatted(shown(stopped)));
    }
  }

  private static List<OutreachQueries.Trigger> triggers(Database copy, Map<Long, String> reaching) {
    return OutreachQueries.triggers(copy).stream()
        .filter(trigger -> reaching.containsKey(trigger.function()))
        .toList();
  }

  private static List<String> disabled(Database copy, List<OutreachQueries.Trigger> triggers) {
    List<String> stopped = new ArrayList<>();
    for (OutreachQueries.Trigger trigger : triggers) {
      if (trigger.disable().isPresent()) {
        run(copy, trigger.disable().get(), trigger.words());
        stopped.add(trigger.words());
      }
    }
    return stopped;
  }

  private static void cutMappings(Database copy, List<String> notes) {
    List<String> servers = new ArrayList<>();
    for (OutreachQueries.Mapping mapping : OutreachQueries.mappings(copy)) {
      run(copy, mapping.drop(), "the foreign server " + mapping.server());
      if (!servers.contains(mapping.server())) {
        servers.add(mapping.server());
      }
    }
    if (!servers.isEmpty()) {
      notes.add(
          "the copy has no user mappings, so that nothing is written on other servers: a script fails there that needs those of %s"
              .formatted(shown(servers)));
    }
  }

  /** Those that do it themselves, and those that name one of them. */
  private static Map<Long, String> reaching(List<OutreachQueries.Code> all) {
    Map<Long, String> found = new LinkedHashMap<>();
    List<Pattern> words = new ArrayList<>(List.of(REACHES));
    boolean more = true;
    while (more) {
      more = false;
      for (OutreachQueries.Code code : all) {
        if (!found.containsKey(code.oid())
            && (!code.trusted()
                || words.stream().anyMatch(word -> word.matcher(code.body()).find()))) {
          found.put(code.oid(), code.words());
          words.add(Pattern.compile("(?i)(?<!\\w)" + Pattern.quote(code.name()) + "\"?\\s*\\("));
          more = true;
        }
      }
    }
    return found;
  }

  private static void run(Database copy, String sql, String what) {
    try {
      copy.execute(sql);
    } catch (Failure cannot) {
      if (!SqlState.INSUFFICIENT_PRIVILEGE.isOf(cannot)) {
        throw cannot;
      }
      throw Failure.refused(
              "the copy reaches beyond itself by %s, and %s may not take that out: %s"
                  .formatted(what, copy.target().user(), cannot.message()),
              "try it as a superuser on another server: " + ScratchSettings.ON_ANOTHER_SERVER)
          .causedBy(cannot);
    }
  }

  private static String shown(List<String> all) {
    String some = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() > SHOWN ? "%s and %d more".formatted(some, all.size() - SHOWN) : some;
  }
}
