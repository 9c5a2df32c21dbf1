package dev.belay.incident;

import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks Belay's own commands that only look what everything is like now, each for a minute. */
final class StateNow {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int UNAVAILABLE = 12;
  private static final String VERIFY_STATE = "verify-state";

  /** The first of those that need the database says whether it can be reached. */
  private static final List<List<String>> LOOKING =
      List.of(
          List.of("list-backups"),
          List.of("audit", "--verify"),
          List.of(VERIFY_STATE),
          List.of("list-migrations"),
          List.of("list-replaced"),
          List.of("batch", "status"));

  private static final int WITHOUT_DATABASE = 2;

  private final OwnCommands commands;
  private final Surroundings surroundings;
  private final List<String> configured;

  /**
   * What one command answered.
   *
   * @param command its words
   * @param status what it exited with; null: it did not answer, or was not asked
   * @param json its answer
   * @param note in words
   */
  record Answer(String command, @Nullable Integer status, String json, String note) {}

  /**
   * @param configured the options that say which configuration is meant
   */
  StateNow(OwnCommands commands, Surroundings surroundings, List<String> configured) {
    this.commands = commands;
    this.surroundings = surroundings;
    this.configured = List.copyOf(configured);
  }

  /** Asks all of them. */
  List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    String silent = "";
    for (int number = 0; number < LOOKING.size(); number++) {
      List<String> words = LOOKING.get(number);
      if (number >= WITHOUT_DATABASE && !silent.isEmpty()) {
        answers.add(new Answer(String.join(" ", words), null, "", silent));
        continue;
      }
      Answer answer = ask(words);
      answers.add(answer);
      if (words.contains(VERIFY_STATE)) {
        Integer status = answer.status();
        if (status == null) {
          silent = "not asked: the database does not answer";
        } else if (status == UNAVAILABLE) {
          silent = "not asked: the database cannot be reached";
        }
      }
    }
    return answers;
  }

  private Answer ask(List<String> words) {
    List<String> arguments = new ArrayList<>(words);
    arguments.addAll(configured);
    arguments.addAll(List.of("--output", "json"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    AtomicInteger status = new AtomicInteger(-1);
    Terminal streams =
        new Terminal(new PrintWriter(out), new PrintWriter(err), false, false, () -> null);
    Thread asking =
        new Thread(
            () -> status.set(commands.run(surroundings, streams, arguments)),
            "asking-" + words.get(0));
    // A server that accepts and never answers must not hold the bundle back.
    asking.setDaemon(true);
    asking.start();
    String command = String.join(" ", words);
    try {
      asking.join(PATIENCE.toMillis());
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
    if (asking.isAlive()) {
      asking.interrupt();
      return new Answer(command, null, "", "no answer within %d s".formatted(PATIENCE.toSeconds()));
    }
    return new Answer(command, status.get(), out.toString(), words(status.get()));
  }

  private static String words(int status) {
    return switch (status) {
      case 0 -> "ok";
      case 10 -> "found something: look at it";
      case UNAVAILABLE -> "something is missing or cannot be reached";
      default -> "exit status " + status;
    };
  }
}
