package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.report.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a run of batches keeps for whoever goes on with it.
 *
 * @param options of the command that began it, as words
 * @param backup the one that was made before; empty: none
 * @param exports files with what is destroyed
 */
public record BatchKept(List<String> options, Optional<String> backup, List<String> exports) {
  /** Nothing. */
  public static final BatchKept NOTHING = new BatchKept(List.of(), Optional.empty(), List.of());

  public BatchKept {
    options = List.copyOf(options);
    exports = List.copyOf(exports);
  }

  static BatchKept of(String json) {
    try {
      JsonNode tree = Json.MAPPER.readTree(json);
      return new BatchKept(
          texts(tree.path("options")),
          texts(tree.path("backup")).stream().findFirst(),
          texts(tree.path("exports")));
    } catch (JacksonException unreadable) {
      throw Failure.refused(
          "what the ledger keeps of a run of batches cannot be read: " + json,
          "give the run up with: belay batch abort --discard");
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asString()));
    return texts;
  }

  String json() {
    return Json.MAPPER.writeValueAsString(
        Map.of("options", options, "backup", backup.stream().toList(), "exports", exports));
  }
}
