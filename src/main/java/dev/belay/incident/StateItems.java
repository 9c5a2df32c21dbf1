package dev.belay.incident;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** What Belay's commands answered, as files of a bundle. */
final class StateItems {
  private StateItems() {}

  /** The name of that answer in the bundle. */
  static String name(StateNow.Answer answer) {
    return "state/" + Item.safe(answer.command().replace(" --", "-").replace(' ', '-')) + ".json";
  }

  /** Those that answered. */
  static List<Item> of(List<StateNow.Answer> answers, Redacted redacted) {
    return answers.stream()
        .filter(answer -> !answer.json().isEmpty())
        .map(
            answer ->
                new Item(
                    name(answer),
                    "answer of belay " + answer.command(),
                    2,
                    Instant.now(),
                    answer.json().getBytes(StandardCharsets.UTF_8).length,
                    into -> redacted.json(answer.json(), into)))
        .toList();
  }
}
