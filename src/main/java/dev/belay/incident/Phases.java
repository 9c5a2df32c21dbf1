package dev.belay.incident;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the steps in an answer or a report, whichever command wrote it. */
final class Phases {
  private static final int DEEPEST = 4;
  private static final int MOST = 300;
  private static final Set<String> SHOWN =
      Set.of(
          "what", "step", "name", "phase", "title", "startedAt", "at", "durationMillis", "millis");

  private Phases() {}

  /** The objects in lists that have a name and a moment, oldest first. */
  static List<Happening> of(JsonNode answer) {
    List<Happening> found = new ArrayList<>();
    look(answer, 0, found);
    found.sort(Comparator.comparing(Happening::at));
    return found;
  }

  private static void look(JsonNode node, int depth, List<Happening> found) {
    if (depth > DEEPEST || found.size() >= MOST) {
      return;
    }
    for (JsonNode child : node) {
      if (node.isArray() && child.isObject()) {
        Optional<Instant> at =
            JournalFile.instant(child.path("startedAt"))
                .or(() -> JournalFile.instant(child.path("at")));
        Optional<String> what = word(child, "what", "step", "phase", "name", "title");
        if (at.isPresent() && what.isPresent() && found.size() < MOST) {
          found.add(new Happening(at.get(), took(child), what.get(), facts(child)));
        }
      }
      look(child, depth + 1, found);
    }
  }

  private static @Nullable Long took(JsonNode child) {
    JsonNode millis =
        child.path("durationMillis").isNumber()
            ? child.path("durationMillis")
            : child.path("millis");
    return millis.isNumber() ? millis.asLong() : null;
  }

  private static List<Fact> facts(JsonNode child) {
    return child.properties().stream()
        .filter(each -> !SHOWN.contains(each.getKey()))
        .filter(each -> each.getValue().isValueNode() && !each.getValue().isNull())
        .limit(12)
        .map(each -> new Fact(each.getKey(), each.getValue().asString("")))
        .toList();
  }

  /** The first of these that is a text. */
  static Optional<String> word(JsonNode node, String... names) {
    for (String name : names) {
      String text = node.path(name).asString("");
      if (!text.isBlank()) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }
}
